//! Entries of the ledger on the wire.

use chrono::{DateTime, Utc};
use contracts::permissions::IngestsRead;
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
    text_enum,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::ingests;

text_enum!(
    /// What became of a submission.
    IngestOutcome {
        /// It made a lead.
        Created = "created",
        /// It filled empty fields of a known lead.
        Updated = "updated",
        /// It went onto a known lead's timeline.
        Attached = "attached",
        /// Its reference was known: nothing changed.
        Duplicate = "duplicate",
        /// Something was wrong with it.
        Rejected = "rejected",
        /// It waits for a review.
        Quarantined = "quarantined",
    }
);

text_enum!(
    /// Whether a submission waits for a person.
    IngestStatus {
        /// Its person may be a known lead: it waits for a review.
        Held = "held",
        /// It looks as if no person sent it: it waits for a review.
        Quarantined = "quarantined",
        /// It was refused.
        Rejected = "rejected",
        /// It made or reached a lead.
        Done = "done",
    }
);

impl IngestStatus {
    /// Whether it waits for a review.
    pub fn waits(self) -> bool {
        matches!(self, Self::Held | Self::Quarantined)
    }
}

/// Target of a submission that waits.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseSubmission {
    /// `new` for a lead of its own, or the id of the lead that it is about.
    #[serde(rename = "as")]
    #[schema(min_length = 3, max_length = 36, example = "new")]
    pub target: String,
}

/// A submission and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = ingests, check_for_backend(diesel::pg::Pg))]
pub struct IngestEntryView {
    /// Id.
    pub id: Uuid,
    /// The key it came with.
    pub api_key_id: Uuid,
    /// The lead it made or went to; of a quarantined one, the lead it may belong to.
    pub lead_id: Option<Uuid>,
    /// What became of it.
    pub outcome: IngestOutcome,
    /// Whether it waits for a review.
    pub status: IngestStatus,
    /// All that was sent.
    #[schema(value_type = Object)]
    pub sent: Value,
    /// Which of the form's fields fed which known one, where the key's form has a mapping.
    #[schema(value_type = Option<Object>)]
    pub mapping: Option<Value>,
    /// What was wrong with it, or why it looks as if no person sent it.
    #[schema(value_type = Option<Vec<Object>>)]
    pub errors: Option<Value>,
    /// The tool that sent it, recognised by its shape, such as `typeform`.
    pub sender: Option<String>,
    /// The door it came in by: `api` with a server key, else the browser key or address. None for those from before.
    pub source_key: Option<String>,
    /// What could not be read of it, or was not added to its lead, although it was taken in.
    #[schema(value_type = Option<Vec<Object>>)]
    pub warnings: Option<Value>,
    /// When it was taken in again.
    pub replayed_at: Option<DateTime<Utc>>,
    /// Who released or rejected it.
    pub reviewed_by: Option<Uuid>,
    /// When it was released or rejected.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// When it came.
    pub created_at: DateTime<Utc>,
}

impl IngestEntryView {
    /// Whether its lead has fields that it filled.
    pub fn made_or_filled(&self) -> bool {
        matches!(self.outcome, IngestOutcome::Created | IngestOutcome::Updated)
    }
}

platform::record!(IngestEntryView, IngestsRead, no version);

impl Listed for IngestEntryView {
    const LISTING: Listing = Listing {
        path: "/api/v2/ingests",
        table: "ingests",
        columns: &[
            column("id", Kind::Uuid),
            column("api_key_id", Kind::Uuid),
            column("lead_id", Kind::Uuid),
            column("sender", Kind::Text),
            column("outcome", Kind::Choice(IngestOutcome::WORDS)),
            column("status", Kind::Choice(IngestStatus::WORDS)),
            column("source_key", Kind::Text),
            column("replayed_at", Kind::Time),
            column("reviewed_by", Kind::Uuid),
            column("reviewed_at", Kind::Time),
            column("created_at", Kind::Time),
        ],
        search: &[],
        search_text: None,
        json: None,
        // Unassigned and refused submissions are visible with data scope `all` only.
        owners: &["lead_id->leads.assigned_to", "lead_id->leads.created_by"],
        ordering: "-created_at",
        soft_delete: false,
        cursor: true,
    };
}

platform::stored!(IngestEntryView);
