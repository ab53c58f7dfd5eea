//! Retries of calls, and the pauses between tries.
//!
//! Only what may be carried out twice is tried again: [`Peers`](crate::client::Peers) reads that from the
//! [`CallKind`](contracts::internal::CallKind) of a call.

use std::time::Duration;

/// Pauses between tries: each `factor` times the one before, with a fifth of jitter either way, so that failures do not
/// come back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The pause after the first failure.
    pub first: Duration,
    /// Growth of each pause over the one before.
    pub factor: u32,
    /// No pause is longer, jitter aside.
    pub longest: Duration,
}

impl Backoff {
    /// For a short failure of another process: half a second at first, a minute at most.
    pub const MINUTE: Self =
        Self { first: Duration::from_millis(500), factor: 2, longest: Duration::from_secs(60) };
    /// For a failure that a person has to mend: eight tries span about half a day.
    pub const DAY: Self =
        Self { first: Duration::from_secs(2), factor: 6, longest: Duration::from_secs(12 * 60 * 60) };

    /// The pause after so many failures in a row, from 1.
    pub fn pause(self, failures: u32) -> Duration {
        let growth = self.factor.saturating_pow(failures.saturating_sub(1));
        self.first.saturating_mul(growth).min(self.longest).mul_f64(rand::random_range(0.8..1.2))
    }
}

/// Makes a call until it succeeds, fails in a way that does not pass, or has been made `tries` times.
///
/// # Errors
/// The last failure.
pub async fn retry<T, E>(
    tries: u32,
    backoff: Backoff,
    may_pass: impl Fn(&E) -> bool,
    mut call: impl AsyncFnMut() -> Result<T, E>,
) -> Result<T, E> {
    let mut failures = 0;
    loop {
        match call().await {
            Err(error) if failures + 1 < tries && may_pass(&error) => {
                failures += 1;
                tokio::time::sleep(backoff.pause(failures)).await;
            }
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Backoff =
        Backoff { first: Duration::from_micros(10), factor: 2, longest: Duration::from_micros(50) };

    async fn tried(tries: u32, outcomes: &[Result<u32, &'static str>]) -> (Result<u32, &'static str>, usize) {
        let mut made = 0;
        let outcome = retry(
            tries,
            QUICK,
            |error| *error == "away",
            async || {
                made += 1;
                outcomes[made - 1]
            },
        )
        .await;
        (outcome, made)
    }

    #[tokio::test]
    async fn what_passes_is_tried_again_so_many_times_and_what_does_not_pass_is_not() {
        let (away, refused) = (Err("away"), Err("refused"));

        assert_eq!(tried(3, &[away, away, Ok(7)]).await, (Ok(7), 3));
        assert_eq!(tried(2, &[away, away, Ok(7)]).await, (away, 2));
        assert_eq!(tried(3, &[refused, Ok(7)]).await, (refused, 1));
    }

    #[test]
    fn pauses_grow_to_the_longest_with_a_fifth_of_jitter() {
        let backoff = Backoff { first: Duration::from_secs(1), factor: 3, longest: Duration::from_secs(20) };
        for (failures, seconds) in [(0, 1.0), (1, 1.0), (2, 3.0), (3, 9.0), (4, 20.0), (u32::MAX, 20.0)] {
            let pause = backoff.pause(failures).as_secs_f64();
            assert!((seconds * 0.8..=seconds * 1.2).contains(&pause), "{failures}: {pause}");
        }
    }

    #[test]
    fn eight_tries_span_about_half_a_day() {
        let total: Duration = (1..8).map(|failures| Backoff::DAY.pause(failures)).sum();

        assert!((36_000..80_000).contains(&total.as_secs()), "{total:?}");
    }
}
