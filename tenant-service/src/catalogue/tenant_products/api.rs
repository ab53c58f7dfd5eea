//! Wire types of a tenant's catalogue products.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::attached_products;

/// Which product to take.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachProduct {
    /// The catalogue's product.
    pub catalog_product_id: Uuid,
    /// Whether it is switched on. Default: yes.
    #[serde(default = "on")]
    pub enabled: bool,
}

/// How to take the product that the path names.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchProduct {
    /// Whether it is switched on. Default: yes.
    #[serde(default = "on")]
    pub enabled: bool,
}

fn on() -> bool {
    true
}

/// A product that the tenant has taken.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = attached_products, check_for_backend(diesel::pg::Pg))]
pub struct TenantProductView {
    /// The catalogue's product; a tenant takes each once.
    pub id: Uuid,
    /// The catalogue's product.
    pub catalog_product_id: Uuid,
    /// Its name.
    pub name: String,
    /// The category it is in.
    pub category_id: Uuid,
    /// Name of the category.
    pub category: String,
    /// The industry that is in.
    pub industry_id: Uuid,
    /// Name of the industry.
    pub industry: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who took it.
    pub created_by: Option<Uuid>,
    /// When it was taken.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for TenantProductView {
    const LISTING: Listing = Listing {
        path: "/api/v2/tenant-products",
        table: "attached_products",
        columns: &[
            column("id", Kind::Uuid),
            column("catalog_product_id", Kind::Uuid),
            column("name", Kind::Text),
            column("category_id", Kind::Uuid),
            column("category", Kind::Text),
            column("industry_id", Kind::Uuid),
            column("industry", Kind::Text),
            column("enabled", Kind::Bool),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "category", "industry"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "name",
        soft_delete: false,
        cursor: false,
    };
}

platform::stored!(TenantProductView);
