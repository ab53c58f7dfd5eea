//! Runs on the wire.

use chrono::{DateTime, Utc};
use contracts::permissions::EnrichmentRead;
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::RunStatus;
use crate::{
    money::{Amount, Written},
    schema::enrichment_runs,
    waterfalls::domain::EntityType,
};

/// The waterfall or column to run, and the records.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartRun {
    /// The waterfall.
    pub waterfall_id: Option<Uuid>,
    /// The custom column.
    pub column_id: Option<Uuid>,
    /// These records.
    #[schema(max_items = 10_000)]
    pub ids: Option<Vec<Uuid>>,
    /// Those that meet this condition.
    #[serde(rename = "where")]
    #[schema(value_type = Option<Object>)]
    pub condition: Option<Value>,
    /// Most records.
    #[schema(minimum = 1, maximum = 100_000)]
    pub limit: Option<i64>,
    /// Whether all wanted fields are asked for, and kept answers are passed by.
    #[serde(default)]
    pub force: bool,
    /// Most that the run spends.
    pub max_cost: Option<Written>,
    /// Confirmed highest cost of a run over everything, as its estimate says; required without `ids` and `where`.
    pub confirm_cost: Option<Written>,
}

/// A run that was started.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RunStarted {
    /// Id.
    pub id: Uuid,
    /// Where it stands.
    pub status: RunStatus,
    /// Records.
    pub total: i32,
}

/// A run as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = enrichment_runs, check_for_backend(diesel::pg::Pg))]
pub struct RunView {
    /// Id.
    pub id: Uuid,
    /// The waterfall that it runs.
    pub waterfall_id: Option<Uuid>,
    /// Which version of it.
    pub waterfall_version: Option<i32>,
    /// The custom column that it fills.
    pub column_id: Option<Uuid>,
    /// Its subject.
    pub entity_type: EntityType,
    /// Where it stands.
    pub status: RunStatus,
    /// Why it stands so, where that needs to be said.
    pub status_reason: Option<String>,
    /// Records.
    pub total: i32,
    /// Records that are done.
    pub done: i32,
    /// Records that failed.
    pub failed: i32,
    /// Records that were passed over.
    pub skipped: i32,
    /// Its cost so far.
    pub cost: Amount,
    /// Most that it spends.
    pub max_cost: Option<Amount>,
    /// Whether kept answers are passed by.
    pub force: bool,
    /// Who started it.
    pub started_by: Option<Uuid>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// When it was started.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

platform::record!(RunView, EnrichmentRead);

impl Listed for RunView {
    const LISTING: Listing = Listing {
        path: "/api/v2/enrichment/runs",
        table: "enrichment_runs",
        columns: &[
            column("id", Kind::Uuid),
            column("waterfall_id", Kind::Uuid),
            column("column_id", Kind::Uuid),
            column("entity_type", Kind::Choice(EntityType::WORDS)),
            column("status", Kind::Choice(RunStatus::WORDS)),
            column("started_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
            column("finished_at", Kind::Time),
        ],
        search: &[],
        search_text: None,
        json: None,
        owners: &["started_by"],
        ordering: "-created_at",
        soft_delete: false,
        cursor: true,
    };
}

platform::stored!(RunView);
