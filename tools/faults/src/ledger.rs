//! Ledger of attempts: written before each is sent, and again with its answer.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is known of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// A 2xx came back: it is stored, or the platform lied.
    Acknowledged,
    /// Refused, or never sent: it must not be stored.
    Rejected,
    /// Under way, or unknown.
    Indeterminate,
}

/// One attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    /// The place of its tenant.
    pub(super) tenant: usize,
    /// What became of it.
    pub(super) fate: Fate,
}

/// All attempts by the name that each lead carries.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    attempts: Mutex<HashMap<String, Attempt>>,
}

impl Ledger {
    /// Writes down that an attempt is about to be sent, once more maybe.
    pub(super) fn begin(&self, lead: &str, tenant: usize) {
        self.attempts().insert(lead.to_owned(), Attempt { tenant, fate: Fate::Indeterminate });
    }

    /// Writes down what came of it.
    pub(super) fn end(&self, lead: &str, fate: Fate) {
        if let Some(attempt) = self.attempts().get_mut(lead) {
            attempt.fate = fate;
        }
    }

    /// Everything that is known.
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
