//! Timelines on the wire.

use chrono::{DateTime, Utc};
use contracts::events::Actor;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Which stretch of a timeline.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// Entries of a page; 50 unless given.
    #[schema(minimum = 1, maximum = 200)]
    pub page_size: Option<i64>,
    /// Empty for the first entries, then `next_cursor`.
    pub cursor: Option<String>,
}

/// One thing that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: Option<Actor>,
    /// `created`, `updated`, `deleted`, `restored`, or the type of the activity.
    pub kind: String,
    /// What it was, in a few words.
    pub title: String,
    /// `{field: {from, to}}` where fields changed, empty otherwise.
    #[schema(value_type = Object)]
    pub changes: Value,
}
