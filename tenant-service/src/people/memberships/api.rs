//! Memberships on the wire.

use chrono::{DateTime, Utc};
use contracts::{identity::DataScope, permissions::TenantUsersRead};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::tenant_users;

/// Whether a member may act in the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MembershipStatus {
    /// They may.
    Active,
    /// They are treated as a stranger.
    Inactive,
}

impl MembershipStatus {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }
}

/// A membership as it is changed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteMembership {
    /// Where in the organisation they work.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub department: Option<String>,
    /// The office they belong to.
    #[serde(default)]
    pub branch_id: Option<Uuid>,
    /// Whether they may act in the tenant.
    pub status: MembershipStatus,
}

/// The role a member shall hold.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateRole {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    pub role: String,
}

/// A member's new superior.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateReportsTo {
    /// The superior's membership; null for none.
    #[schema(required)]
    pub membership_id: Option<Uuid>,
}

/// The member to remove.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveUser {
    /// The person.
    pub user_id: Uuid,
}

/// A membership as it is stored, with the name of its role.
#[derive(Clone, Debug, Serialize, Queryable, Selectable)]
#[diesel(table_name = tenant_users, check_for_backend(diesel::pg::Pg))]
pub struct Membership {
    /// Id of the membership.
    pub id: Uuid,
    /// The person.
    pub user_id: Uuid,
    /// Name of the role.
    pub role: String,
    /// Which records the role sees.
    pub data_scope: String,
    /// Where in the organisation they work.
    pub department: Option<String>,
    /// The office they belong to.
    pub branch_id: Option<Uuid>,
    /// The membership above.
    pub reports_to: Option<Uuid>,
    /// `active` or `inactive`.
    pub status: String,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
    /// Who invited them.
    pub invited_by: Option<Uuid>,
    /// Grows with each change.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A membership as it is shown. Names and address are auth-service's; they are null while it is away.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TenantUserView {
    /// Id of the membership.
    pub id: Uuid,
    /// The person.
    pub user_id: Uuid,
    /// Their e-mail address.
    pub email: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Name of the role.
    pub role: String,
    /// Which records the role sees.
    #[schema(value_type = DataScope)]
    pub data_scope: String,
    /// Where in the organisation they work.
    pub department: Option<String>,
    /// The office they belong to.
    pub branch_id: Option<Uuid>,
    /// The membership above; null at the top.
    pub reports_to: Option<Uuid>,
    /// Whether they may act in the tenant.
    #[schema(value_type = MembershipStatus)]
    pub status: String,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
    /// Who invited them.
    pub invited_by: Option<Uuid>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

platform::record!(TenantUserView, TenantUsersRead);

impl Listed for TenantUserView {
    const LISTING: Listing = Listing {
        path: "/api/v2/tenant-users",
        table: "tenant_users",
        columns: &[
            column("id", Kind::Uuid),
            column("user_id", Kind::Uuid),
            column("role", Kind::Text),
            column("data_scope", Kind::Choice(&["own", "team", "all"])),
            column("department", Kind::Text),
            column("branch_id", Kind::Uuid),
            column("reports_to", Kind::Uuid),
            column("status", Kind::Choice(&["active", "inactive"])),
            column("joined_at", Kind::Time),
            column("invited_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["role", "department"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-joined_at",
        soft_delete: false,
        cursor: false,
    };
}

/// A member above or below another.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Relative {
    /// Steps between the two.
    pub depth: i32,
    /// Their membership.
    #[serde(flatten)]
    pub member: TenantUserView,
}

/// A member and all members below.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Position {
    /// The membership.
    #[serde(flatten)]
    pub member: TenantUserView,
    /// Those who report directly to it.
    #[schema(no_recursion)]
    pub children: Vec<Position>,
}

/// The tenant's members as a tree.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Hierarchy {
    /// Members without a superior.
    pub results: Vec<Position>,
}

/// All members above or below a member, nearest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Relatives {
    /// They.
    pub results: Vec<Relative>,
}
