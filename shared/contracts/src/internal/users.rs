//! Calls to auth-service about users and ended sessions.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CallKind, InternalCall};
use crate::{Service, UserId, identity::PlatformRole};

/// Code of every refusal of something that takes a proven e-mail address.
pub const ADDRESS_UNPROVEN: &str = "address_unproven";
/// The detail of such a refusal for the owner of the address.
pub const ADDRESS_UNPROVEN_DETAIL: &str =
    "Confirm your e-mail address first, with the link that was mailed to you.";

/// Who are these people?
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DescribeUsers {
    /// The people, at most 1,000.
    pub user_ids: Vec<UserId>,
}

/// A person in short.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UserSummary {
    /// The person.
    pub id: UserId,
    /// Their e-mail address.
    pub email: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Whether they may sign in.
    pub active: bool,
    /// Whether the address is proven: by what was mailed to it, or by an issuer that is configured.
    #[serde(default)]
    pub email_verified: bool,
    /// Role on the platform itself.
    #[serde(default)]
    pub platform_role: PlatformRole,
}

impl InternalCall for DescribeUsers {
    type Answer = Vec<UserSummary>;
    const SERVICE: Service = Service::Auth;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/users/describe";
}

/// The person with this e-mail address, if there is an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindUser {
    /// E-mail address.
    pub email: String,
}

impl InternalCall for FindUser {
    type Answer = Option<UserSummary>;
    const SERVICE: Service = Service::Auth;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/users/find";
}

/// The account of a person who presented a token that was only ever mailed to this address. Idempotent.
///
/// The caller vouches for exactly that; a token that was shown elsewhere proves nothing. An account with a
/// proven address is returned unchanged, and the password is not looked at. Any other is handed over: it is created if there is
/// none, all previous access is removed, and the password, which must be given, is set. Refused with
/// 400 and faults of `password`, 403 `user_inactive`, or 503 `registration_pending`.
#[derive(Clone, Serialize, Deserialize)]
pub struct ClaimAccount {
    /// E-mail address.
    pub email: String,
    /// First name, where the account has none.
    pub first_name: Option<String>,
    /// Last name, where the account has none.
    pub last_name: Option<String>,
    /// Password, see above.
    pub password: Option<String>,
}

impl InternalCall for ClaimAccount {
    type Answer = UserSummary;
    const SERVICE: Service = Service::Auth;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/users/claim";
}

/// Which sessions and people lost their access after this point?
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListRevocations {
    /// The last revocation the caller knows; 0 for all that still matter.
    pub after: i64,
}

/// A session or user with void access tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Revocation {
    /// Grows with each.
    pub seq: i64,
    /// The session, or the person when `issued_before` is given.
    pub subject: Uuid,
    /// For a person: tokens issued before this time are void. None for a session: all its tokens are void.
    pub issued_before: Option<DateTime<Utc>>,
    /// When the last token this voids would have expired anyway.
    pub expires_at: DateTime<Utc>,
}

impl InternalCall for ListRevocations {
    type Answer = Vec<Revocation>;
    const SERVICE: Service = Service::Auth;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/revocations";
}
