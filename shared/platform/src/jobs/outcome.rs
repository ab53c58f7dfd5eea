//! Outcomes of a run.

use std::time::Duration;

use super::Policy;
use crate::{client::CallError, http::problem::Problem};

/// How a run ends that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The work is done: the row ends as its table says.
    Finished,
    /// The run has written itself what becomes of the row.
    Settled,
    /// There is more to do, after so long.
    Again(Duration),
}

/// Why a run did not do its work, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The reason, as it is stored.
    pub reason: String,
    kind: Kind,
    pause: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Passing,
    Later,
    Lasting,
}

/// What becomes of a failed job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Retry(Duration),
    /// The same, and no try is spent.
    Postpone(Duration),
    GiveUp,
}

impl Failure {
    /// A failure that may pass: tried again until the tries are spent.
    #[expect(clippy::needless_pass_by_value, reason = "`map_err` gives errors by value")]
    pub fn passing(reason: impl ToString) -> Self {
        Self { reason: reason.to_string(), kind: Kind::Passing, pause: None }
    }

    /// The work has to wait for so long, which spends no try.
    pub fn later(pause: Duration, reason: impl ToString) -> Self {
        Self { kind: Kind::Later, ..Self::passing(reason).after(pause) }
    }

    /// The same with another pause than the policy has.
    pub fn after(self, pause: Duration) -> Self {
        Self { pause: Some(pause), ..self }
    }

    /// A failure that does not pass: the job is given up.
    pub fn lasting(reason: impl ToString) -> Self {
        Self { kind: Kind::Lasting, ..Self::passing(reason) }
    }

    pub(super) fn fate(&self, policy: &Policy, attempt: i32) -> Fate {
        let failures = u32::try_from(attempt).unwrap_or_default();
        let pause = self.pause.unwrap_or_else(|| policy.backoff.pause(failures));
        match self.kind {
            Kind::Lasting => Fate::GiveUp,
            Kind::Passing if policy.tries.is_some_and(|tries| attempt >= tries) => Fate::GiveUp,
            Kind::Passing => Fate::Retry(pause),
            Kind::Later => Fate::Postpone(pause),
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::passing(problem)
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::passing(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_spent_by_failures_that_may_pass() {
        let hour = Duration::from_secs(3_600);
        let endless = Policy::default();
        let three = Policy { tries: Some(3), ..endless };

        assert!(matches!(Failure::passing("no").fate(&three, 2), Fate::Retry(_)));
        assert_eq!(Failure::passing("no").fate(&three, 3), Fate::GiveUp);
        assert!(matches!(Failure::passing("no").fate(&endless, i32::MAX), Fate::Retry(_)));
        assert_eq!(Failure::lasting("no").fate(&endless, 1), Fate::GiveUp);
        assert_eq!(Failure::passing("no").after(hour).fate(&three, 2), Fate::Retry(hour));
        assert_eq!(Failure::later(hour, "not yet").fate(&three, 3), Fate::Postpone(hour));
    }
}
