//! Errors on the wire: RFC 9457 problem details with a stable code and every faulty field.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One fault of a body or query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Path of the field, dots between levels, numbers for places in an array; empty for the whole body.
    pub field: String,
    /// Stable code, such as `required` or `invalid_email`.
    pub code: String,
    /// A sentence for a person.
    pub message: String,
}

impl FieldError {
    /// A fault of `field`.
    pub fn new(field: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), message: message.into() }
    }
}

/// The body of every answer with a 4xx or 5xx status (`application/problem+json`).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProblemBody {
    /// A URI naming the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong in this case.
    pub detail: String,
    /// The path that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Stable code for programs.
    pub code: String,
    /// The id under which the request stands in the logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Every fault of the body or query.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Further members that single codes carry, such as `candidates`.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}
