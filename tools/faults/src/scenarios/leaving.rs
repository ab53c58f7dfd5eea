//! SIGTERM: one process after another, and a rolling restart behind a balancer.

use std::time::Duration;

use anyhow::Result;
use nix::sys::signal::Signal;

use super::super::trial::Trial;
use super::Scenario;

/// Rolling restarts in a whole run.
const ROUNDS: u64 = 2;

/// The only process of each service is stopped and started again.
pub(super) const SIGTERM: Scenario =
    Scenario::of("sigterm", "each service is asked to leave while it is the only one", restart);
/// Rolling restart with two replicas.
pub(super) const ROLLING: Scenario =
    Scenario::of("rolling-restart", "two of each behind a balancer, restarted in turn, twice", restart);
/// SIGKILL of one of two replicas.
pub(super) const KILLED_BESIDE: Scenario =
    Scenario::of("replica-killed", "two of each behind a balancer, each killed once", kill);

fn restart(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    let mut slowest = Duration::ZERO;
    for _ in 0..trial.strikes(ROUNDS) {
        for name in trial.stage.processes() {
            trial.calm_of_some_length()?;
            let took = trial.strike_with(|trial| {
                let begun = std::time::Instant::now();
                let leaving = trial.stage.platform.pid(&name);
                trial.stage.platform.signal(&name, Signal::SIGTERM)?;
                while trial.stage.platform.pid(&name) == leaving {
                    trial.calm(Duration::from_millis(20))?;
                }
                Ok(begun.elapsed())
            })?;
            slowest = slowest.max(took);
        }
    }
    trial.notes.push(format!("the slowest took {:.1} s to leave", slowest.as_secs_f64()));
    trial.calm_of_some_length()
}

fn kill(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    for name in trial.stage.processes() {
        trial.calm_of_some_length()?;
        trial.strike(|trial| trial.stage.platform.kill(&name))?;
    }
    trial.calm_of_some_length()
}
