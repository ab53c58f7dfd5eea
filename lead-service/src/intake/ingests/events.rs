//! Events of submissions that a person decided about.

use platform::db::outbox::Change;
use serde::Serialize;
use uuid::Uuid;

use super::api::{IngestEntryView, IngestOutcome, IngestStatus};

/// Name of the entity in events.
pub const ENTITY: &str = "Ingest";

/// A submission as events show it: without what was sent, which may be long.
#[derive(Serialize)]
struct Shown<'a> {
    id: Uuid,
    api_key_id: Uuid,
    lead_id: Option<Uuid>,
    outcome: IngestOutcome,
    status: IngestStatus,
    sender: Option<&'a str>,
    reviewed_by: Option<Uuid>,
}

impl<'a> Shown<'a> {
    fn of(entry: &'a IngestEntryView) -> Self {
        Self {
            id: entry.id,
            api_key_id: entry.api_key_id,
            lead_id: entry.lead_id,
            outcome: entry.outcome,
            status: entry.status,
            sender: entry.sender.as_deref(),
            reviewed_by: entry.reviewed_by,
        }
    }
}

/// The changes of a review.
pub fn reviewed(before: &IngestEntryView, after: &IngestEntryView) -> Vec<Change> {
    Change::updated(ENTITY, after.id, &Shown::of(before), &Shown::of(after), &["status"])
}
