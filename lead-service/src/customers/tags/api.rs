//! Customer tags on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::customer_tags;

/// A tag as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteTag {
    /// Name, unique in the tenant whatever the case.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// Its colour, `#rrggbb`; `#4c6fff` unless given.
    #[serde(default)]
    #[schema(max_length = 7)]
    pub color: Option<String>,
}

/// A tag as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = customer_tags, check_for_backend(diesel::pg::Pg))]
pub struct TagView {
    /// Id.
    pub id: Uuid,
    /// Name, unique in the tenant.
    pub name: String,
    /// Its colour, `#rrggbb`.
    pub color: String,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for TagView {
    const LISTING: Listing = Listing {
        path: "/api/v2/customer-tags",
        table: "customer_tags",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("color", Kind::Text),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(TagView);
