//! User accounts: their states, roles and rules.

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use contracts::{UserId, identity::PlatformRole, internal::users::UserSummary};
use platform::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which side of a tenant's business a user is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountType {
    /// Works in tenants.
    #[default]
    Company,
    /// Buys from them.
    Customer,
}

impl AccountType {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Customer => "customer",
        }
    }

    /// The type of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Company, Self::Customer].into_iter().find(|kind| kind.name() == name)
    }
}

/// Whether a user may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// They may.
    Active,
    /// They left.
    Inactive,
    /// The platform keeps them out.
    Suspended,
}

impl UserStatus {
    /// Names of all of them.
    pub const NAMES: &'static [&'static str] = &["active", "inactive", "suspended"];

    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Suspended => "suspended",
        }
    }

    /// The status of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Active, Self::Inactive, Self::Suspended].into_iter().find(|status| status.name() == name)
    }
}

/// A person.
pub struct User {
    /// Id.
    pub id: UserId,
    /// E-mail address, lower-case.
    pub email: String,
    /// Argon2id; none when only other issuers' tokens sign them in.
    pub password_hash: Option<String>,
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
    /// Their role on the platform itself.
    pub platform_role: PlatformRole,
    /// When the address was proven to be theirs.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// When they last gave their password.
    pub last_login_at: Option<DateTime<Utc>>,
    /// Grows with each change.
    pub version: i32,
    /// When they came.
    pub created_at: DateTime<Utc>,
    /// When they last changed.
    pub updated_at: DateTime<Utc>,
}

impl User {
    /// Whether they may sign in.
    pub fn may_sign_in(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// Whether the address is proven to be theirs.
    pub fn is_proven(&self) -> bool {
        self.email_verified_at.is_some()
    }
}

impl From<&User> for UserSummary {
    fn from(user: &User) -> Self {
        Self {
            id: user.id,
            email: user.email.clone(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            active: user.may_sign_in(),
            email_verified: user.is_proven(),
            platform_role: user.platform_role,
        }
    }
}

/// A person to be made.
pub struct NewUser {
    /// E-mail address, lower-case.
    pub email: String,
    /// Argon2id.
    pub password_hash: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Which side they are on.
    pub account_type: AccountType,
    /// Their role on the platform itself.
    pub platform_role: PlatformRole,
    /// Whether they proved that the address is theirs.
    pub email_verified: bool,
}

/// A name as it is stored: trimmed, none when nothing is left.
pub fn name(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// What an administrator decides about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether they may sign in.
    pub status: UserStatus,
    /// Their role on the platform itself.
    pub platform_role: PlatformRole,
}

/// What a change of standing takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing.
    None,
    /// Access tokens say what is no longer true; sessions go on with new ones.
    AccessTokens,
    /// All sessions end.
    Sessions,
}

impl Standing {
    /// What follows from becoming `self` after having been `before`.
    pub fn consequence(self, before: Self) -> Consequence {
        if self.status != UserStatus::Active && before.status == UserStatus::Active {
            Consequence::Sessions
        } else if self.platform_role != before.platform_role {
            Consequence::AccessTokens
        } else {
            Consequence::None
        }
    }
}

/// 422: admins cannot suspend themselves or change their own role.
pub fn own_standing() -> Problem {
    Problem::unprocessable(
        "own_account",
        "Another administrator has to change your own status or platform role.",
    )
}

/// 503: the registration is stored and its tenant is not made yet.
pub fn registration_pending() -> Problem {
    Problem {
        retry_after: Some(5),
        ..Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "registration_pending",
            "The registration is kept, and its tenant is still being made. Try again shortly.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(status: UserStatus, platform_role: PlatformRole) -> Standing {
        Standing { status, platform_role }
    }

    #[test]
    fn keeping_somebody_out_ends_their_sessions() {
        let before = standing(UserStatus::Active, PlatformRole::InternalCs);
        for status in [UserStatus::Suspended, UserStatus::Inactive] {
            assert_eq!(standing(status, PlatformRole::None).consequence(before), Consequence::Sessions);
        }
    }

    #[test]
    fn another_role_voids_what_states_the_old_one() {
        let before = standing(UserStatus::Active, PlatformRole::InternalAdmin);
        let after = standing(UserStatus::Active, PlatformRole::None);
        assert_eq!(after.consequence(before), Consequence::AccessTokens);
    }

    #[test]
    fn letting_somebody_in_again_takes_nothing_away() {
        let before = standing(UserStatus::Suspended, PlatformRole::None);
        assert_eq!(standing(UserStatus::Active, PlatformRole::None).consequence(before), Consequence::None);
    }

    #[test]
    fn a_name_of_blanks_is_no_name() {
        assert_eq!(name(Some("  Ada ".into())), Some("Ada".into()));
        assert_eq!(name(Some("  ".into())), None);
    }

    #[test]
    fn every_status_is_found_by_its_name() {
        assert!(
            UserStatus::NAMES
                .iter()
                .all(|name| UserStatus::parse(name).is_some_and(|status| status.name() == *name))
        );
    }
}
