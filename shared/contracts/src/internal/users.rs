//! Asked of auth-service: who somebody is, and which sessions are over.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::InternalCall;
use crate::{Service, UserId};

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
}

impl InternalCall for DescribeUsers {
    type Answer = Vec<UserSummary>;
    const SERVICE: Service = Service::Auth;
    const METHOD: &'static str = "POST";
    const TEMPLATE: &'static str = "/internal/users/describe";
}

/// Is there somebody with this e-mail address, and can they sign in?
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindUser {
    /// E-mail address.
    pub email: String,
}

/// Somebody who was found by their address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FoundUser {
    /// The person.
    pub user: UserSummary,
    /// Whether they have something to sign in with: a password, or an identity at another issuer. Somebody without
    /// gets a password by [`EnsureUser`].
    pub can_sign_in: bool,
}

impl InternalCall for FindUser {
    type Answer = Option<FoundUser>;
    const SERVICE: Service = Service::Auth;
    const METHOD: &'static str = "POST";
    const TEMPLATE: &'static str = "/internal/users/find";
}

/// The person with this e-mail address, made if there is none. Idempotent.
///
/// With a password, the caller vouches that whoever chose it holds the address, as a link that came by mail shows: it
/// becomes the password of a new person, of one who has none, and of one who never proved that the address is theirs
/// (whoever registered with it before is locked out). In all three cases the address counts as verified. Anybody else
/// keeps their password. A password that is not taken is a 400 with faults of `password`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnsureUser {
    /// E-mail address.
    pub email: String,
    /// First name for a new one.
    pub first_name: Option<String>,
    /// Last name for a new one.
    pub last_name: Option<String>,
    /// Password, see above.
    pub password: Option<String>,
}

impl InternalCall for EnsureUser {
    type Answer = UserSummary;
    const SERVICE: Service = Service::Auth;
    const METHOD: &'static str = "PUT";
    const TEMPLATE: &'static str = "/internal/users/ensure";
}

/// Which sessions and people lost their access after this point?
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListRevocations {
    /// The last revocation the caller knows; 0 for all that still matter.
    pub after: i64,
}

/// One session or person whose access tokens are void.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Revocation {
    /// Grows with each.
    pub seq: i64,
    /// The session, or the person when `issued_before` is given.
    pub subject: Uuid,
    /// For a person: tokens issued before this time are void. None for a session, all of whose tokens are.
    pub issued_before: Option<DateTime<Utc>>,
    /// When the last token this voids would have expired anyway.
    pub expires_at: DateTime<Utc>,
}

impl InternalCall for ListRevocations {
    type Answer = Vec<Revocation>;
    const SERVICE: Service = Service::Auth;
    const METHOD: &'static str = "POST";
    const TEMPLATE: &'static str = "/internal/revocations";
}
