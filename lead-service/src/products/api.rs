//! Products on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::products;

/// Titles of the people a product concerns.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonaRoleTitles {
    /// Who signs.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub buyers: Vec<String>,
    /// Who is listened to.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub influencers: Vec<String>,
    /// Who works with it.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub end_users: Vec<String>,
}

/// A product as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteProduct {
    /// Name, unique in the tenant.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// What it is.
    #[schema(min_length = 1, max_length = 20_000)]
    pub description: String,
    /// The ideal customer.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub icp_description: Option<String>,
    /// Its page.
    #[serde(default)]
    #[schema(format = "uri", max_length = 200)]
    pub website: Option<String>,
    /// Target personas.
    #[serde(default)]
    pub persona_role_titles: PersonaRoleTitles,
    /// Words that point to it.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub keywords: Vec<String>,
    /// How it is sold.
    #[serde(default)]
    #[schema(max_length = 50_000)]
    pub playbook_description: Option<String>,
    /// Settings of its own.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub settings: Option<Value>,
    /// The catalogue's product it is.
    #[serde(default)]
    pub catalog_product_id: Option<Uuid>,
}

/// A product as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = products, check_for_backend(diesel::pg::Pg))]
pub struct ProductView {
    /// Id.
    pub id: Uuid,
    /// Name, unique in the tenant.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The ideal customer.
    pub icp_description: Option<String>,
    /// Its page.
    pub website: Option<String>,
    /// Target personas: titles of buyers, influencers and end_users.
    #[schema(value_type = PersonaRoleTitles)]
    pub persona_role_titles: Value,
    /// Words that point to it.
    pub keywords: Vec<String>,
    /// How it is sold.
    pub playbook_description: Option<String>,
    /// Settings of its own.
    #[schema(value_type = Option<Object>)]
    pub settings: Option<Value>,
    /// The catalogue's product it is.
    pub catalog_product_id: Option<Uuid>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for ProductView {
    const LISTING: Listing = Listing {
        path: "/api/v2/products",
        table: "products",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("website", Kind::Text),
            column("catalog_product_id", Kind::Uuid),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "description", "icp_description"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(ProductView);
