//! Background loops: shutdown, periodic work, and backoff between attempts.

use std::{fmt::Display, time::Duration};

use tokio::sync::watch;

use crate::retry::Backoff;

/// Signals background loops that the process is stopping.
#[derive(Clone)]
pub struct Shutdown(watch::Receiver<bool>);

/// Ends all loops that hold the other half.
pub struct ShutdownTrigger(watch::Sender<bool>);

/// A trigger and what it triggers.
pub fn shutdown() -> (ShutdownTrigger, Shutdown) {
    let (sender, receiver) = watch::channel(false);
    (ShutdownTrigger(sender), Shutdown(receiver))
}

impl ShutdownTrigger {
    /// The process is ending.
    pub fn trigger(&self) {
        self.0.send_replace(true);
    }

    /// Waits until every loop has ended, which each shows by letting go of its half.
    pub async fn heeded(&self) {
        self.0.closed().await;
    }
}

impl Shutdown {
    /// Whether the process is ending.
    pub fn is_triggered(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for the end of the process.
    pub async fn triggered(&mut self) {
        // The trigger being gone means the end as well.
        let _ended = self.0.wait_for(|ending| *ending).await;
    }

    /// Sleeps, but not past the end of the process. Gives whether to go on.
    pub async fn sleep(&mut self, duration: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(duration) => !self.is_triggered(),
            () = self.triggered() => false,
        }
    }
}

/// Does `work` now and then every `period`, until the process ends. A failure is logged, and counted by name.
pub async fn every<E: Display>(
    name: &'static str,
    period: Duration,
    mut shutdown: Shutdown,
    mut work: impl AsyncFnMut() -> Result<(), E>,
) {
    loop {
        note(name, work().await.err());
        if !shutdown.sleep(period).await {
            return;
        }
    }
}

/// Does `work` until it succeeds or the process ends. Failures are logged, and counted by name.
pub async fn until_done<E: Display>(
    name: &'static str,
    backoff: Backoff,
    mut shutdown: Shutdown,
    mut work: impl AsyncFnMut() -> Result<(), E>,
) {
    let mut failures = 0;
    while let Err(error) = work().await {
        note(name, Some(error));
        failures += 1;
        if !shutdown.sleep(backoff.pause(failures)).await {
            return;
        }
    }
}

fn note<E: Display>(name: &'static str, failure: Option<E>) {
    if let Some(error) = failure {
        metrics::counter!("background_failures_total", "work" => name).increment(1);
        tracing::warn!(work = name, %error, "background work failed and is tried again");
    }
}

/// How long to wait after the `attempt`-th failure (1-based): seconds at first, hours at last, about a day over eight
/// tries, with a fifth of jitter either way so that failures do not come back together.
pub fn backoff(attempt: i32) -> Duration {
    const SECONDS: [u64; 8] = [2, 15, 60, 600, 3_600, 14_400, 28_800, 43_200];
    let index = usize::try_from(attempt.max(1) - 1).unwrap_or_default().min(SECONDS.len() - 1);
    let seconds = SECONDS.get(index).copied().unwrap_or(43_200);
    Duration::from_secs(seconds).mul_f64(rand::random_range(0.8..1.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Backoff =
        Backoff { first: Duration::from_millis(1), factor: 1, longest: Duration::from_millis(1) };

    #[tokio::test]
    async fn the_trigger_sees_when_the_last_loop_has_ended() {
        let (trigger, shutdown) = shutdown();
        let (mut quick, mut slow) = (shutdown.clone(), shutdown);
        let quick = tokio::spawn(async move { quick.triggered().await });
        let slow = tokio::spawn(async move {
            slow.triggered().await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        });

        trigger.trigger();
        trigger.heeded().await;

        assert!(quick.is_finished() && slow.is_finished());
    }

    #[tokio::test]
    async fn periodic_work_goes_on_after_a_failure_until_the_process_ends() {
        let (trigger, shutdown) = shutdown();
        let mut rounds = 0;

        every("counting", Duration::from_millis(1), shutdown, async || {
            rounds += 1;
            if rounds == 3 {
                trigger.trigger();
            }
            if rounds == 2 { Err("once") } else { Ok(()) }
        })
        .await;

        assert_eq!(rounds, 3);
    }

    #[tokio::test]
    async fn work_is_done_until_it_succeeds() {
        let (_trigger, shutdown) = shutdown();
        let mut rounds = 0;

        until_done("counting", SHORT, shutdown, async || {
            rounds += 1;
            if rounds < 4 { Err("not yet") } else { Ok(()) }
        })
        .await;

        assert_eq!(rounds, 4);
    }

    #[test]
    fn eight_tries_span_about_a_day() {
        let total: Duration = (1..8).map(backoff).sum();
        assert!((36_000..65_000).contains(&total.as_secs()), "{total:?}");
        assert!(backoff(1) < Duration::from_secs(3));
        assert!(backoff(99) <= Duration::from_secs(52_000));
    }
}
