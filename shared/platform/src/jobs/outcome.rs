//! What a run comes to.

use std::time::Duration;

use actix_web::http::StatusCode;

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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Passing,
    Away,
    Later(Duration),
    Lasting,
}

/// What becomes of a failed job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Retry(Duration),
    GiveUp,
}

impl Failure {
    /// A failure that may pass: tried again until the tries are spent.
    pub fn passing(reason: impl ToString) -> Self {
        Self { reason: reason.to_string(), kind: Kind::Passing }
    }

    /// Something that the work needs is away: tried again until it is back.
    pub fn away(reason: impl ToString) -> Self {
        Self { reason: reason.to_string(), kind: Kind::Away }
    }

    /// The work has to wait for so long, however often.
    pub fn later(pause: Duration, reason: impl ToString) -> Self {
        Self { reason: reason.to_string(), kind: Kind::Later(pause) }
    }

    /// A failure that does not pass: the job is given up.
    pub fn lasting(reason: impl ToString) -> Self {
        Self { reason: reason.to_string(), kind: Kind::Lasting }
    }

    pub(super) fn fate(&self, policy: &Policy, attempt: i32) -> Fate {
        let pause = || policy.backoff.pause(u32::try_from(attempt).unwrap_or_default());
        match self.kind {
            Kind::Lasting => Fate::GiveUp,
            Kind::Passing if policy.tries.is_some_and(|tries| attempt >= tries) => Fate::GiveUp,
            Kind::Later(pause) => Fate::Retry(pause),
            Kind::Passing | Kind::Away => Fate::Retry(pause()),
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        if problem.status == StatusCode::SERVICE_UNAVAILABLE {
            Self::away(problem)
        } else {
            Self::passing(problem)
        }
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Away(..) => Self::away(error),
            CallError::Refused(..) => Self::passing(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use contracts::Service;

    use super::*;

    #[test]
    fn only_failures_of_the_work_itself_spend_tries() {
        let policy = Policy { tries: Some(3), ..Policy::default() };
        let fate = |failure: Failure, attempt| failure.fate(&policy, attempt);

        assert!(matches!(fate(Failure::passing("no"), 2), Fate::Retry(_)));
        assert_eq!(fate(Failure::passing("no"), 3), Fate::GiveUp);
        assert_eq!(fate(Failure::lasting("no"), 1), Fate::GiveUp);
        assert!(matches!(fate(CallError::Away(Service::Auth, "no".into()).into(), 99), Fate::Retry(_)));
        assert!(matches!(fate(Problem::unavailable("no").into(), 99), Fate::Retry(_)));
        assert_eq!(fate(Problem::internal("no").into(), 3), Fate::GiveUp);
        let hour = Duration::from_secs(3_600);
        assert_eq!(fate(Failure::later(hour, "not yet"), 99), Fate::Retry(hour));
    }
}
