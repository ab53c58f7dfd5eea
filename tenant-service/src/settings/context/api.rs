//! The context on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// How to show the context.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct ReadContext {
    /// Whether to say which layer each value came from.
    #[serde(default)]
    pub explain: bool,
}

/// What holds for the caller: the most particular layer's value of each key.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContextView {
    /// What the platform configured, by key.
    #[schema(value_type = Object)]
    pub configs: BTreeMap<String, Value>,
    /// What the tenant and the caller set, by key.
    #[schema(value_type = Object)]
    pub settings: BTreeMap<String, Value>,
    /// Where each value came from, if that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<ContextExplanation>,
}

/// Where each value came from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContextExplanation {
    /// Of configurations, by key.
    pub configs: BTreeMap<String, Origin>,
    /// Of settings, by key.
    pub settings: BTreeMap<String, Origin>,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Origin {
    /// The layer that decided: `user`, `tenant` or `global`.
    pub layer: String,
    /// The layers that have a value, too, the most particular first.
    pub overrides: Vec<String>,
}
