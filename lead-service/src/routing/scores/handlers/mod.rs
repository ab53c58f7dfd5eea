//! One file per verb.

pub mod read;
pub mod refresh;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::total;
use crate::people::{Contribution, Persona};

/// A score, explained.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreView {
    /// The lead.
    pub lead_id: Uuid,
    /// The time for which it is.
    pub at: DateTime<Utc>,
    /// The sum of the contributions; none where nothing scores the lead.
    pub score: Option<f64>,
    /// What of it who the lead is gives.
    pub fit: f64,
    /// What of it what the lead did gives, faded by then.
    pub engagement: f64,
    /// The part the person plays.
    pub persona: Option<Persona>,
    /// Every contribution.
    pub score_breakdown: Vec<Contribution>,
}

impl ScoreView {
    fn new(
        lead_id: Uuid,
        at: DateTime<Utc>,
        persona: Option<Persona>,
        all: Option<Vec<Contribution>>,
    ) -> Self {
        let of_kind = |kind: &str| -> f64 {
            let parts: Vec<_> = all.iter().flatten().filter(|part| part.kind == kind).cloned().collect();
            total(&parts)
        };
        Self {
            lead_id,
            at,
            // What is stored as one number is answered as one: a manual score is not rounded.
            score: all.as_ref().map(|all| match all.as_slice() {
                [only] => only.points,
                all => total(all),
            }),
            fit: of_kind("fit"),
            engagement: of_kind("engagement"),
            persona,
            score_breakdown: all.unwrap_or_default(),
        }
    }
}

/// A stored breakdown; none where there is none.
fn contributions(breakdown: Option<Value>) -> Option<Vec<Contribution>> {
    serde_json::from_value(breakdown?).ok()
}
