//! Why nothing could be learned.

use platform::egress::EgressError;
use serde::Serialize;
use serde_json::{Value, json};

/// A failed call or run, as it is shown in a job's `last_error` and a status's `error_details`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Stable code.
    pub code: &'static str,
    /// A sentence for a person.
    pub message: String,
    /// Whether another try may end differently.
    pub retryable: bool,
    /// Seconds after which another try makes sense, where the provider says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Failure {
    /// Another try may end differently.
    pub fn passing(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retryable: true, retry_after: None }
    }

    /// Another try would end alike.
    pub fn lasting(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retryable: false, retry_after: None }
    }

    /// The job was called off.
    pub fn cancelled(message: impl Into<String>) -> Self {
        Self::lasting("cancelled", message)
    }

    /// The same, to be tried again after so many seconds.
    pub fn after(self, seconds: Option<u64>) -> Self {
        Self { retry_after: seconds, ..self }
    }

    /// As it is stored.
    pub fn details(&self) -> Value {
        json!(self)
    }

    /// A failed request to a provider, in a sentence in which `name` stands for it.
    pub fn of_egress(error: &EgressError, name: &str) -> Self {
        Self {
            code: error.code(),
            message: format!("{name} gave no answer: {error}."),
            retryable: error.is_retryable(),
            retry_after: None,
        }
    }
}

impl From<EgressError> for Failure {
    fn from(error: EgressError) -> Self {
        Self {
            code: error.code(),
            message: format!("The website was not read: {error}."),
            retryable: error.is_retryable(),
            retry_after: None,
        }
    }
}
