//! Users on the wire.

use chrono::{DateTime, Utc};
use contracts::{UserId, identity::PlatformRole, internal::tenants::MembershipSummary};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::domain::{AccountType, User, UserStatus};

/// A person as they see themselves.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// Id.
    pub id: UserId,
    /// E-mail address.
    pub email: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Which side they are on.
    pub account_type: AccountType,
    /// Role on the platform itself.
    pub platform_role: PlatformRole,
    /// Whether the address was proved to be theirs.
    pub email_verified: bool,
}

impl From<&User> for PersonView {
    fn from(user: &User) -> Self {
        Self {
            id: user.id,
            email: user.email.clone(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            account_type: user.account_type,
            platform_role: user.platform_role,
            email_verified: user.is_proven(),
        }
    }
}

/// A person and where they belong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MeView {
    /// Id.
    pub id: UserId,
    /// E-mail address.
    pub email: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Which side they are on.
    pub account_type: AccountType,
    /// Role on the platform itself.
    pub platform_role: PlatformRole,
    /// Whether the address was proved to be theirs.
    pub email_verified: bool,
    /// The tenants they are in, and what they may do there.
    pub memberships: Vec<MembershipSummary>,
}

impl MeView {
    /// The person with their memberships.
    pub fn of(user: &User, memberships: Vec<MembershipSummary>) -> Self {
        let PersonView { id, email, first_name, last_name, account_type, platform_role, email_verified } =
            user.into();
        Self { id, email, first_name, last_name, account_type, platform_role, email_verified, memberships }
    }
}

/// What people change about themselves.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteMe {
    /// First name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 150, format = "name")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 150, format = "name")]
    pub last_name: Option<String>,
}

/// A person as administrators of the platform see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserView {
    /// Id.
    pub id: UserId,
    /// E-mail address.
    pub email: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Phone number in E.164.
    pub phone: Option<String>,
    /// Which side they are on.
    pub account_type: AccountType,
    /// Whether they may sign in.
    pub status: UserStatus,
    /// Role on the platform itself.
    pub platform_role: PlatformRole,
    /// When they proved that the address is theirs.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// When they last gave their password.
    pub last_login_at: Option<DateTime<Utc>>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// When they came.
    pub created_at: DateTime<Utc>,
    /// When they last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            phone: user.phone,
            account_type: user.account_type,
            status: user.status,
            platform_role: user.platform_role,
            email_verified_at: user.email_verified_at,
            last_login_at: user.last_login_at,
            version: user.version,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

impl Listed for UserView {
    const LISTING: Listing = Listing {
        path: "/api/v2/users",
        table: "users",
        columns: &[
            column("id", Kind::Uuid),
            column("email", Kind::Email),
            column("first_name", Kind::Text),
            column("last_name", Kind::Text),
            column("phone", Kind::Phone),
            column("account_type", Kind::Choice(&["company", "customer"])),
            column("status", Kind::Choice(UserStatus::NAMES)),
            column("platform_role", Kind::Choice(&["none", "internal_cs", "internal_admin"])),
            column("email_verified_at", Kind::Time),
            column("last_login_at", Kind::Time),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["email", "first_name", "last_name"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

/// What administrators of the platform decide about a person.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteUser {
    /// Whether they may sign in. Keeping them out ends their sessions.
    pub status: UserStatus,
    /// Role on the platform itself. Any but `none` takes a proven address.
    pub platform_role: PlatformRole,
}
