//! Provenance on the wire.

use chrono::{DateTime, Utc};
use contracts::internal::enrichments::StartedJob;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::Standing;

/// Where each value of a record came from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProvenanceView {
    /// One for each field with a value or a candidate.
    pub results: Vec<FieldProvenance>,
}

/// Where the value of a field came from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProvenance {
    /// Name of the field.
    pub field: String,
    /// Its value.
    #[schema(value_type = Object)]
    pub value: Value,
    /// person, form, import or enrichment.
    pub source: String,
    /// Who found it: `id`, `name`, `kind`.
    #[schema(value_type = Option<Object>)]
    pub provider: Option<Value>,
    /// 0 to 1.
    pub confidence: Option<f64>,
    /// When it was found or written.
    pub observed_at: DateTime<Utc>,
    /// The enrichment job.
    pub job_id: Option<Uuid>,
    /// Its cost.
    pub cost: Option<String>,
    /// Who wrote it, or pinned it.
    #[schema(value_type = Option<Object>)]
    pub actor: Option<Value>,
    /// Whether no enrichment changes it.
    pub pinned: bool,
    /// The value that stood there before, with its source.
    #[schema(value_type = Option<Object>)]
    pub previous: Option<Value>,
    /// Values that were found and not written.
    #[schema(value_type = Vec<Object>)]
    pub candidates: Vec<Value>,
}

impl From<Standing> for FieldProvenance {
    fn from(standing: Standing) -> Self {
        Self {
            field: standing.field,
            value: standing.value,
            source: standing.source,
            provider: standing.provider,
            confidence: standing.confidence,
            observed_at: standing.observed_at,
            job_id: standing.job_id,
            cost: standing.cost,
            actor: standing.actor,
            pinned: standing.pinned,
            previous: standing.previous,
            candidates: standing.candidates,
        }
    }
}

/// Which candidate is chosen.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptCandidate {
    /// Its place among the candidates, from 0.
    #[schema(minimum = 0, maximum = 100)]
    pub candidate_index: i32,
}

/// The started jobs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EnrichmentStarted {
    /// Jobs under way.
    pub enrichment_jobs: Vec<StartedJob>,
}
