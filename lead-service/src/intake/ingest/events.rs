//! Events of leads that are handed in.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::submission::NewSubmission;
use crate::people::{LeadEnrichmentStatus, SuggestionStatus};

/// A lead that was handed in, as its event shows it; fields without a value are left out.
#[derive(Serialize)]
pub struct Snapshot<'a> {
    id: Uuid,
    #[serde(flatten)]
    sent: &'a NewSubmission,
    source_key: &'a str,
    api_key_id: Uuid,
    status: &'static str,
    suggestion_status: &'static str,
    enrichment_status: &'static str,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> Snapshot<'a> {
    /// The snapshot as JSON.
    pub fn of(
        id: Uuid,
        api_key_id: Uuid,
        source_key: &'a str,
        sent: &'a NewSubmission,
        created_at: DateTime<Utc>,
    ) -> Value {
        let snapshot = Self {
            id,
            sent,
            source_key,
            api_key_id,
            status: sent.first_status(),
            suggestion_status: SuggestionStatus::Manual.word(),
            enrichment_status: LeadEnrichmentStatus::Pending.word(),
            version: 1,
            created_at,
            updated_at: created_at,
        };
        serde_json::to_value(snapshot).unwrap_or_default()
    }
}
