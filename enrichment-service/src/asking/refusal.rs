//! Why there is no answer.

use platform::Problem;

use super::budgets::Scope;
use crate::{adapters::Failure, money::Amount};

/// Why a provider gave no answer.
#[derive(Debug)]
pub enum Refusal {
    /// It was not asked.
    NotAsked(Failure),
    /// It was not asked, because a budget does not allow it.
    NoBudget(Scope),
    /// It was not asked, because its job was called off or its run paused meanwhile.
    Stopped,
    /// It was asked.
    Failed {
        /// Its result.
        failure: Failure,
        /// HTTP status.
        http_status: Option<u16>,
        /// Its cost.
        cost: Amount,
    },
    /// Something of ours failed.
    Problem(Problem),
}

impl Refusal {
    /// It was not asked, and would not be at another time.
    pub fn not_asked(code: &'static str, message: String) -> Self {
        Self::NotAsked(Failure::lasting(code, message))
    }

    /// The reason.
    pub fn failure(&self) -> Failure {
        match self {
            Self::NotAsked(failure) | Self::Failed { failure, .. } => failure.clone(),
            Self::NoBudget(scope) => Failure::lasting(
                "budget_exhausted",
                format!("The budget of the {} is used up.", scope.word()),
            ),
            Self::Stopped => Failure::cancelled("The job was called off, or its run paused."),
            Self::Problem(problem) => Failure::passing("unavailable", problem.detail.clone()),
        }
    }

    /// HTTP status of the answer that was none.
    pub fn http_status(&self) -> Option<u16> {
        match self {
            Self::Failed { http_status, .. } => *http_status,
            _ => None,
        }
    }

    /// The cost of a call that gave no answer.
    pub fn cost(&self) -> Amount {
        match self {
            Self::Failed { cost, .. } => *cost,
            _ => Amount::ZERO,
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}
