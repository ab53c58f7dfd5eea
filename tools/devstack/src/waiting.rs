//! Waiting for something to become true, with a limit, and stopping early when the user interrupts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// A flag that is raised once, by a signal or by hand, and ends every wait that looks at it.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A flag raised by SIGINT, SIGTERM or SIGHUP, which from now on no longer end this process by themselves.
    pub fn on_signals() -> Result<Self> {
        let cancel = Self::default();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&cancel.0)).context("can't listen for signals")?;
        }
        Ok(cancel)
    }

    /// Raises the flag.
    pub fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether the flag was raised.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Asks `check` every `step` until it says yes; fails with "`what` took longer than …" after `limit`.
    pub fn until(
        &self,
        what: &str,
        step: Duration,
        limit: Duration,
        mut check: impl FnMut() -> Result<bool>,
    ) -> Result<()> {
        let begun = Instant::now();
        loop {
            if self.is_raised() {
                bail!("interrupted");
            }
            if check()? {
                return Ok(());
            }
            if begun.elapsed() >= limit {
                bail!("{what} took longer than {} s", limit.as_secs());
            }
            pause(step);
        }
    }
}

/// Blocks the calling thread for a while.
#[expect(clippy::disallowed_methods, reason = "xtask is plain threads: there is no runtime to block")]
pub fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Duration = Duration::from_millis(1);

    #[test]
    fn a_wait_ends_as_soon_as_the_condition_holds() {
        let mut asked = 0;

        let outcome = Cancel::default().until("counting", STEP, Duration::from_secs(5), || {
            asked += 1;
            Ok(asked == 3)
        });

        assert!(outcome.is_ok());
        assert_eq!(asked, 3);
    }

    #[test]
    fn a_wait_that_takes_too_long_names_what_it_waited_for() {
        let outcome = Cancel::default().until("the moon", STEP, Duration::ZERO, || Ok(false));

        assert_eq!(outcome.unwrap_err().to_string(), "the moon took longer than 0 s");
    }

    #[test]
    fn a_raised_flag_ends_the_wait() {
        let cancel = Cancel::default();
        cancel.raise();

        let outcome = cancel.until("anything", STEP, Duration::from_secs(5), || Ok(true));

        assert_eq!(outcome.unwrap_err().to_string(), "interrupted");
    }
}
