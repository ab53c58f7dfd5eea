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

/// The person with this e-mail address, made without a password if there is none. Idempotent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnsureUser {
    /// E-mail address.
    pub email: String,
    /// First name for a new one.
    pub first_name: Option<String>,
    /// Last name for a new one.
    pub last_name: Option<String>,
    /// Password for a new one, or for one that has none yet. Needs proof that the caller holds the address.
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
