//! Branches of a tenant, on the wire.

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

use crate::schema::branches;

/// A branch as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteBranch {
    /// The region it is in.
    pub region_id: Uuid,
    /// Name, unique in its region.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// Street address.
    #[serde(default)]
    #[schema(max_length = 1_000)]
    pub address: Option<String>,
    /// City.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub city: Option<String>,
    /// Country.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub country: Option<String>,
    /// Phone number.
    #[serde(default)]
    #[schema(max_length = 32)]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    #[schema(format = "email", max_length = 254)]
    pub email: Option<String>,
    /// Time zone, such as `Europe/Berlin`.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub timezone: Option<String>,
}

/// A branch as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = branches, check_for_backend(diesel::pg::Pg))]
pub struct BranchView {
    /// Id.
    pub id: Uuid,
    /// The region it is in.
    pub region_id: Uuid,
    /// Name, unique in its region.
    pub name: String,
    /// Street address.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Time zone, such as `Europe/Berlin`.
    pub timezone: Option<String>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

platform::record!(BranchView, OfficesRead);

impl Listed for BranchView {
    const LISTING: Listing = Listing {
        path: "/api/v2/branches",
        table: "branches",
        columns: &[
            column("id", Kind::Uuid),
            column("region_id", Kind::Uuid),
            column("name", Kind::Text),
            column("city", Kind::Text),
            column("country", Kind::Text),
            column("phone", Kind::Phone),
            column("email", Kind::Email),
            column("timezone", Kind::Text),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "city", "country"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "name",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(BranchView);
