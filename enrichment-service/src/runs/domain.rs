//! States of a run.

use platform::{Problem, text_enum};

text_enum! {
    /// Where a run stands.
    RunStatus {
        /// Not begun.
        Pending = "pending",
        /// Its jobs are worked through.
        Running = "running",
        /// Paused by a person.
        Paused = "paused",
        /// Every job has ended, none at fault.
        Completed = "completed",
        /// Every job has ended, some failed.
        CompletedWithErrors = "completed_with_errors",
        /// Called off.
        Cancelled = "cancelled",
        /// Paused because there is nothing left to spend.
        BudgetExhausted = "budget_exhausted",
    }
}

impl RunStatus {
    /// Whether its jobs are worked through.
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Pending | Self::Running)
    }

    fn refused(self, what: &str) -> Problem {
        Problem::conflict("run_state", format!("The run is {} and cannot be {what}.", self.word()))
    }

    /// 409 unless it can be paused.
    pub fn check_pausable(self) -> Result<(), Problem> {
        if self.is_running() { Ok(()) } else { Err(self.refused("paused")) }
    }

    /// 409 unless it can be resumed.
    pub fn check_resumable(self) -> Result<(), Problem> {
        if matches!(self, Self::Paused | Self::BudgetExhausted) {
            Ok(())
        } else {
            Err(self.refused("resumed"))
        }
    }

    /// 409 unless it can be called off.
    pub fn check_cancellable(self) -> Result<(), Problem> {
        let is_open = self.is_running() || matches!(self, Self::Paused | Self::BudgetExhausted);
        if is_open { Ok(()) } else { Err(self.refused("cancelled")) }
    }

    /// 409 unless failed jobs can be run again.
    pub fn check_retryable(self) -> Result<(), Problem> {
        if self == Self::Cancelled { Err(self.refused("retried")) } else { Ok(()) }
    }
}
