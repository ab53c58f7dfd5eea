//! Regions of a tenant, on the wire.

use chrono::{DateTime, Utc};
use contracts::permissions::OfficesRead;
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::regions;

/// A region as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteRegion {
    /// Name, unique in the tenant.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// What it is.
    #[serde(default)]
    #[schema(max_length = 5_000)]
    pub description: Option<String>,
}

/// A region as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = regions, check_for_backend(diesel::pg::Pg))]
pub struct RegionView {
    /// Id.
    pub id: Uuid,
    /// Name, unique in the tenant.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

platform::record!(RegionView, OfficesRead);

impl Listed for RegionView {
    const LISTING: Listing = Listing {
        path: "/api/v2/regions",
        table: "regions",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "description"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "name",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(RegionView);
