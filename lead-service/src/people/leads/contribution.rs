//! Parts of a lead's score, as they are stored with it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One part of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Contribution {
    /// The rule that gave it; `cap` where a group's bound took or gave the rest.
    pub rule: String,
    /// The group it counts in.
    pub group: String,
    /// `fit`, `engagement`, or `manual` for a score that was set by hand.
    pub kind: String,
    /// Points, at most two decimals; negative ones take.
    pub points: f64,
    /// Why, in a sentence.
    pub reason: String,
}
