//! Revocations and how long they have to be kept.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::UserId;
use uuid::Uuid;

/// Tokens may be dated some seconds ahead and are taken a few seconds past their expiry.
const MARGIN: Duration = Duration::from_secs(10);

/// Access tokens that are void from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRevocation {
    /// The session or person.
    pub subject: Uuid,
    /// Whether the subject is a user. Tokens that a user gets later are valid.
    pub is_person: bool,
    /// From when on no such token would be taken anyway.
    pub expires_at: DateTime<Utc>,
}

impl NewRevocation {
    /// All tokens of a session. `life` is how long one is good at most.
    pub fn of_session(session: Uuid, life: Duration) -> Self {
        Self { subject: session, is_person: false, expires_at: Utc::now() + life + MARGIN }
    }

    /// All tokens that a person was issued until now.
    pub fn of_person(person: UserId, life: Duration) -> Self {
        Self { subject: person.0, is_person: true, expires_at: Utc::now() + life + MARGIN }
    }
}
