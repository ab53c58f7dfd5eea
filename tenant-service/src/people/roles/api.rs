//! Roles on the wire.

use chrono::{DateTime, Utc};
use contracts::{identity::DataScope, permissions::RolesRead};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A role as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteRole {
    /// Name, unique in the tenant and none of the platform's, whatever the case.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Rank: only the tenant's admins give, change or take a role of a higher rank than their own.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    pub level: i32,
    /// Which records its holders see.
    pub data_scope: DataScope,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 1_000)]
    pub description: Option<String>,
}

/// What a role shall allow, in place of what it allowed before.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteGrants {
    /// Codes, as listed under `/permissions`.
    #[schema(max_items = 500)]
    pub permissions: Vec<String>,
}

/// A role as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoleView {
    /// Id.
    pub id: Uuid,
    /// Name, by which it is given to people.
    pub name: String,
    /// Rank.
    pub level: i32,
    /// What it is for.
    pub description: Option<String>,
    /// Which records its holders see.
    #[schema(value_type = DataScope)]
    pub data_scope: String,
    /// Whether the platform provides it; then it cannot be changed.
    pub is_system: bool,
    /// Codes of what it allows.
    pub permissions: Vec<String>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

platform::record!(RoleView, RolesRead);

impl Listed for RoleView {
    const LISTING: Listing = Listing {
        path: "/api/v2/roles",
        table: "roles",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("level", Kind::Int),
            column("data_scope", Kind::Choice(&["own", "team", "all"])),
            column("is_system", Kind::Bool),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "description"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-level,name",
        soft_delete: true,
        cursor: false,
    };
}
