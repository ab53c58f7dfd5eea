//! What is told of leads.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::ingest::NewSubmission;

/// Name of the entity in events.
pub const ENTITY: &str = "Lead";

/// Fields whose changes are told by name.
pub const TRACKED: &[&str] =
    &["status", "assigned_to", "score", "suggestion_status", "account_id", "deleted"];

/// A lead that was handed in, as its event shows it; fields without a value are left out.
#[derive(Serialize)]
pub struct Snapshot<'a> {
    id: Uuid,
    #[serde(flatten)]
    sent: &'a NewSubmission,
    status: &'static str,
    created_at: DateTime<Utc>,
}

impl<'a> Snapshot<'a> {
    /// The snapshot as JSON.
    pub fn of(id: Uuid, sent: &'a NewSubmission, created_at: DateTime<Utc>) -> Value {
        serde_json::to_value(Self { id, sent, status: "new", created_at }).unwrap_or_default()
    }
}
