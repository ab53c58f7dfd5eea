//! Jobs on the wire.

use chrono::{DateTime, Utc};
use contracts::permissions::EnrichmentRead;
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::{STATUSES, SUBJECTS, TYPES};
use crate::{money::Amount, schema::jobs};

/// A job as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = jobs, check_for_backend(diesel::pg::Pg))]
pub struct JobView {
    /// Id.
    pub id: Uuid,
    /// What it finds out: COMPANY_INFO, GENERATE_LEADS, LEAD_LINKEDIN_RESEARCH or CUSTOM_COLUMN.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about: account, lead or custom_column.
    pub subject_type: String,
    /// Id of what it is about.
    pub subject_id: Uuid,
    /// What it was started with; of long texts a list shows the beginning.
    #[schema(value_type = Object)]
    pub input: Value,
    /// pending, in_progress (being run, or waiting for its next try), completed, skipped, failed or
    /// cancelled.
    pub status: String,
    /// How often it was tried since it was started or last retried by hand.
    pub attempts: i32,
    /// When it is tried next; none when it is finished, or its run is paused.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Why the last try failed: `code`, `message` and `retryable`.
    #[schema(value_type = Option<Object>)]
    pub last_error: Option<Value>,
    /// The same as `last_error`; of a skipped job, why.
    #[schema(value_type = Option<Object>)]
    pub error_details: Option<Value>,
    /// The run that it is part of.
    pub run_id: Option<Uuid>,
    /// The waterfall that it runs.
    pub waterfall_id: Option<Uuid>,
    /// Which version of it.
    pub waterfall_version: Option<i32>,
    /// The custom column that it answers.
    pub column_id: Option<Uuid>,
    /// The provider that has it, or had it last.
    pub provider_id: Option<Uuid>,
    /// Its cost.
    pub cost: Amount,
    /// The user who started it; none where a form or a program did.
    pub started_by: Option<Uuid>,
    /// Id of the request that started it.
    pub request_id: Option<String>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// When it was started.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was completed, given up or cancelled.
    pub finished_at: Option<DateTime<Utc>>,
}

platform::record!(JobView, EnrichmentRead);

impl Listed for JobView {
    const LISTING: Listing = Listing {
        path: "/api/v2/enrichment/jobs",
        table: "jobs",
        columns: &[
            column("id", Kind::Uuid),
            column("type", Kind::Choice(TYPES)),
            column("subject_type", Kind::Choice(SUBJECTS)),
            column("subject_id", Kind::Uuid),
            column("status", Kind::Choice(STATUSES)),
            column("attempts", Kind::Int),
            column("next_attempt_at", Kind::Time),
            column("run_id", Kind::Uuid),
            column("waterfall_id", Kind::Uuid),
            column("column_id", Kind::Uuid),
            column("started_by", Kind::Uuid),
            column("request_id", Kind::Text),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
            column("finished_at", Kind::Time),
        ],
        search: &[],
        search_text: None,
        json: Some("input"),
        owners: &["started_by"],
        ordering: "-created_at",
        soft_delete: false,
        cursor: true,
    };
}

platform::stored!(JobView);
