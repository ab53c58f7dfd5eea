//! Enrichment jobs and the transitions between their states.

use contracts::{
    UserId,
    internal::enrichments::{EnrichmentType, JobSubject},
};
use platform::Problem;
use serde_json::Value;
use uuid::Uuid;

/// Tries before a job that keeps failing is given up.
pub const TRIES: i32 = 4;

/// Every type of job.
pub const TYPES: &[&str] = &[
    EnrichmentType::CompanyInfo.name(),
    EnrichmentType::GenerateLeads.name(),
    EnrichmentType::LeadLinkedinResearch.name(),
    EnrichmentType::CustomColumn.name(),
    EnrichmentType::LeadInfo.name(),
];
/// What a job can be about.
pub const SUBJECTS: &[&str] = &[JobSubject::Account.name(), JobSubject::Lead.name(), "custom_column"];

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Where a job stands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Status {
            $($(#[$doc])* $name,)*
        }

        /// Every status by name.
        pub const STATUSES: &[&str] = &[$($text),*];

        impl Status {
            /// The name on the wire and in the database.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// The status of that name.
            pub fn parse(name: &str) -> Option<Self> {
                [$(Self::$name),*].into_iter().find(|status| status.name() == name)
            }
        }
    };
}

statuses! {
    /// Not begun.
    Pending = "pending";
    /// Being run, or waiting for its next try.
    InProgress = "in_progress";
    /// Done.
    Completed = "completed";
    /// Not done, and not at fault: `error_details.code` says why.
    Skipped = "skipped";
    /// Given up.
    Failed = "failed";
    /// Called off.
    Cancelled = "cancelled";
}

impl Status {
    /// 409 unless a job that stands so can be run again.
    pub fn check_retryable(self) -> Result<(), Problem> {
        let reason = match self {
            Self::Failed | Self::Cancelled | Self::Skipped => return Ok(()),
            Self::Pending | Self::InProgress => "The job is not finished; it is tried again by itself.",
            Self::Completed => "The job is completed.",
        };
        Err(Problem::conflict("job_not_retryable", reason))
    }

    /// 409 unless a job that stands so can be called off.
    pub fn check_cancellable(self) -> Result<(), Problem> {
        match self {
            Self::Pending | Self::InProgress => Ok(()),
            Self::Completed | Self::Skipped | Self::Failed | Self::Cancelled => {
                Err(Problem::conflict("job_finished", format!("The job is {}.", self.name())))
            }
        }
    }
}

/// Characters of a text of its input that a list shows of a job.
const GLIMPSE: usize = 200;

/// An input as a list shows it: of each text the beginning, for it may be a whole page. The job alone shows it whole.
pub fn glimpsed(input: Value) -> Value {
    match input {
        Value::String(text) => match text.char_indices().nth(GLIMPSE) {
            Some((end, _)) => Value::String(format!("{}…", text.get(..end).unwrap_or_default())),
            None => Value::String(text),
        },
        Value::Array(items) => items.into_iter().map(glimpsed).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, glimpsed(value))).collect(),
        other => other,
    }
}

/// A job about to be started.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Id, made by the caller.
    pub id: Uuid,
    /// The findings that it is for.
    pub kind: EnrichmentType,
    /// The kind of its subject.
    pub subject: JobSubject,
    /// Id of that thing.
    pub subject_id: Uuid,
    /// What is known already.
    pub input: Value,
    /// The user who starts it.
    pub started_by: Option<UserId>,
    /// Id of the request that starts it.
    pub request_id: Option<String>,
    /// Its place in a trace.
    pub traceparent: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_a_long_text_a_list_shows_the_beginning() {
        let long = "ä".repeat(GLIMPSE + 1);
        let shown = glimpsed(json!({"pages": [long], "name": "ä".repeat(GLIMPSE), "count": 3}));
        assert_eq!(shown["pages"][0], format!("{}…", "ä".repeat(GLIMPSE)));
        assert_eq!((&shown["name"], &shown["count"]), (&json!("ä".repeat(GLIMPSE)), &json!(3)));
    }

    #[test]
    fn only_a_job_that_ended_badly_can_be_run_again() {
        let retryable = STATUSES.iter().filter(|name| Status::parse(name).unwrap().check_retryable().is_ok());
        assert_eq!(retryable.collect::<Vec<_>>(), [&"skipped", &"failed", &"cancelled"]);
    }

    #[test]
    fn only_a_job_that_has_not_ended_can_be_called_off() {
        let cancellable =
            STATUSES.iter().filter(|name| Status::parse(name).unwrap().check_cancellable().is_ok());
        assert_eq!(cancellable.collect::<Vec<_>>(), [&"pending", &"in_progress"]);
    }
}
