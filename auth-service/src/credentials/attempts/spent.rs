//! Memory of client addresses that were refused a registration: they are refused again for a moment, without a round trip.
//!
//! An address that has spent its registrations, or that met a full queue, mostly tries again at once. What the database said is
//! as good as true for a moment. It is asked again after that, so that other processes and the passing of time count.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use platform::Problem;
use tokio::sync::Semaphore;

use crate::tokens::Fingerprint;

/// How long a refusal is repeated at most.
const REPEATED_FOR: Duration = Duration::from_secs(2);
/// How long a repeated refusal is held back, so that a client that tries again at once tries less often.
const HELD_BACK: Duration = Duration::from_millis(500);
/// Refusals held back at a time; those beyond are answered at once.
const HELD_BACK_AT_ONCE: usize = 512;
/// Addresses remembered at a time.
const CAPACITY: usize = 10_000;

struct Refused {
    problem: Problem,
    at: Instant,
}

impl Refused {
    /// For how long the refusal is repeated: never beyond the time that it says.
    fn lasts(&self) -> Duration {
        let said = self.problem.retry_after.map_or(Duration::ZERO, Duration::from_secs);
        said.min(REPEATED_FOR)
    }

    /// The refusal as it is some time later; none once it is over.
    fn after(&self, passed: Duration) -> Option<Problem> {
        if passed >= self.lasts() {
            return None;
        }
        let retry_after = self.problem.retry_after.map(|said| said.saturating_sub(passed.as_secs()).max(1));
        Some(Problem { retry_after, ..self.problem.clone() })
    }
}

/// The addresses, by the fingerprint that attempts are counted under.
pub struct Spent {
    refused: Mutex<HashMap<Fingerprint, Refused>>,
    held_back: Semaphore,
}

impl Default for Spent {
    fn default() -> Self {
        Self { refused: Mutex::default(), held_back: Semaphore::new(HELD_BACK_AT_ONCE) }
    }
}

impl Spent {
    /// Refuses an address that was refused just now, as it was refused then.
    ///
    /// # Errors
    /// The refusal.
    pub async fn check(&self, address: &Fingerprint) -> Result<(), Problem> {
        let Some(problem) = self.refusal(address, Instant::now()) else { return Ok(()) };
        if let Ok(_place) = self.held_back.try_acquire() {
            tokio::time::sleep(HELD_BACK).await;
        }
        Err(problem)
    }

    /// Remembers that an address was refused.
    pub fn note(&self, address: Fingerprint, problem: &Problem) {
        let at = Instant::now();
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= CAPACITY {
            refused.retain(|_, refused| refused.after(at.saturating_duration_since(refused.at)).is_some());
        }
        if refused.len() < CAPACITY {
            refused.insert(address, Refused { problem: problem.clone(), at });
        }
    }

    fn refusal(&self, address: &Fingerprint, now: Instant) -> Option<Problem> {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let known = refused.get(address)?;
        let problem = known.after(now.saturating_duration_since(known.at));
        if problem.is_none() {
            refused.remove(address);
        }
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Fingerprint = [1; 32];
    const THERE: Fingerprint = [2; 32];

    fn spent(retry_after: u64) -> Spent {
        let spent = Spent::default();
        spent.note(HERE, &Problem::throttled(retry_after, "Too many."));
        spent
    }

    /// The refusal that an address gets so long after it was noted.
    fn told(spent: &Spent, address: &Fingerprint, millis: u64) -> Option<(u16, Option<u64>)> {
        let noted = spent.refused.lock().unwrap().get(address).map_or_else(Instant::now, |known| known.at);
        let problem = spent.refusal(address, noted + Duration::from_millis(millis))?;
        Some((problem.status.as_u16(), problem.retry_after))
    }

    #[test]
    fn a_refusal_is_repeated_for_a_moment_and_says_how_long_is_left() {
        let spent = spent(30);

        assert_eq!(told(&spent, &HERE, 0), Some((429, Some(30))));
        assert_eq!(told(&spent, &HERE, 1_500), Some((429, Some(29))));
        assert_eq!(told(&spent, &THERE, 0), None, "another address is not concerned");
        assert_eq!(told(&spent, &HERE, 2_000), None, "then the database is asked again");
        assert!(spent.refused.lock().unwrap().is_empty());
    }

    #[test]
    fn a_refusal_is_not_repeated_beyond_the_time_that_it_says() {
        let spent = spent(1);

        assert_eq!(told(&spent, &HERE, 900), Some((429, Some(1))));
        assert_eq!(told(&spent, &HERE, 1_000), None);
    }

    #[actix_web::test]
    async fn who_tries_again_at_once_waits_for_the_refusal() {
        let spent = spent(30);
        let begun = Instant::now();

        assert_eq!(spent.check(&HERE).await.unwrap_err().status.as_u16(), 429);
        assert!(begun.elapsed() >= HELD_BACK);
        assert!(spent.check(&THERE).await.is_ok());
    }

    #[actix_web::test]
    async fn only_so_many_refusals_are_held_back() {
        let spent = spent(30);
        let _others = spent.held_back.try_acquire_many(512).unwrap();

        let refused = tokio::time::timeout(HELD_BACK, spent.check(&HERE)).await;

        assert!(refused.is_ok_and(|refused| refused.is_err()), "it is answered at once");
    }

    #[test]
    fn no_more_addresses_are_remembered_than_there_is_room_for() {
        let spent = Spent::default();
        let address = |number: usize| {
            let mut address = [0; 32];
            address.iter_mut().zip(number.to_le_bytes()).for_each(|(byte, digit)| *byte = digit);
            address
        };
        let problem = Problem::throttled(30, "Too many.");

        (0..CAPACITY + 5).for_each(|number| spent.note(address(number), &problem));

        assert_eq!(spent.refused.lock().unwrap().len(), CAPACITY);
        assert_eq!(told(&spent, &address(CAPACITY), 0), None);
    }
}
