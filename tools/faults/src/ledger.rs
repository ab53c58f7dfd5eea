//! Ledger of attempts: written before each is sent, and again with its answer.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Answered with a 2xx: it must be stored.
    Acknowledged,
    /// Refused, or never sent: it must not be stored.
    Rejected,
    /// In flight, or unknown.
    Indeterminate,
}

/// One attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    /// Index of its tenant.
    pub(super) tenant: usize,
    /// Outcome.
    pub(super) fate: Fate,
}

/// All attempts by the name that each lead carries.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    attempts: Mutex<HashMap<String, Attempt>>,
}

impl Ledger {
    /// Records an attempt before it is sent, for the first time or again.
    pub(super) fn begin(&self, lead: &str, tenant: usize) {
        self.attempts().insert(lead.to_owned(), Attempt { tenant, fate: Fate::Indeterminate });
    }

    /// Records its outcome.
    pub(super) fn end(&self, lead: &str, fate: Fate) {
        if let Some(attempt) = self.attempts().get_mut(lead) {
            attempt.fate = fate;
        }
    }

    /// All attempts.
    pub(super) fn all(&self) -> HashMap<String, Attempt> {
        self.attempts().clone()
    }

    fn attempts(&self) -> MutexGuard<'_, HashMap<String, Attempt>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_begun_and_not_ended_is_indeterminate() {
        let ledger = Ledger::default();
        ledger.begin("a", 0);
        ledger.begin("b", 1);

        ledger.end("b", Fate::Acknowledged);

        let all = ledger.all();
        assert_eq!(all["a"], Attempt { tenant: 0, fate: Fate::Indeterminate });
        assert_eq!(all["b"], Attempt { tenant: 1, fate: Fate::Acknowledged });
    }
}
