//! Why nothing could be learned.

use platform::egress::EgressError;
use serde::Serialize;
use serde_json::{Value, json};

/// A failed run, as it is shown in a job's `last_error` and a status's `error_details`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Stable code.
    pub code: &'static str,
    /// A sentence for a person.
    pub message: String,
    /// Whether another try may end differently.
    pub retryable: bool,
}

impl Failure {
    /// Another try may end differently.
    pub fn passing(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retryable: true }
    }

    /// Another try would end alike.
    pub fn lasting(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retryable: false }
    }

    /// The job was called off.
    pub fn cancelled(message: impl Into<String>) -> Self {
        Self::lasting("cancelled", message)
    }

    /// As it is stored.
    pub fn details(&self) -> Value {
        json!(self)
    }
}

impl From<EgressError> for Failure {
    fn from(error: EgressError) -> Self {
        Self {
            code: error.code(),
            message: format!("The website was not read: {error}."),
            retryable: error.is_retryable(),
        }
    }
}
