//! SIGKILL at random moments.

use anyhow::Result;

use super::super::trial::Trial;
use super::Scenario;

/// Kills in a whole run.
const BLOWS: u64 = 20;
/// Kills of all processes at once.
const BLOWS_TO_ALL: u64 = 5;

/// One process is killed and started again.
pub(super) const fn one(name: &'static str, process: &'static str) -> Scenario {
    Scenario::of(name, "kill -9 at random moments", kill).to(process).recovering(3)
}

/// Everything, with PostgreSQL and Redis.
pub(super) const EVERYTHING: Scenario = Scenario::of(
    "kill-everything",
    "kill -9 of all processes, PostgreSQL and Redis at once",
    kill_everything,
);

fn kill(trial: &mut Trial<'_>, scenario: &Scenario) -> Result<()> {
    for _ in 0..trial.strikes(BLOWS) {
        trial.calm_of_some_length()?;
        trial.strike(|trial| trial.stage.platform.kill(scenario.subject))?;
    }
    trial.calm_of_some_length()
}

fn kill_everything(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    for _ in 0..trial.strikes(BLOWS_TO_ALL) {
        trial.calm_of_some_length()?;
        trial.strike(|trial| {
            let mut all = trial.stage.processes();
            all.extend(["postgres".to_owned(), "redis".to_owned()]);
            // A process that ended by itself because of the others needs no signal.
            all.iter().for_each(|name| drop(trial.stage.platform.kill(name)));
            Ok(())
        })?;
    }
    trial.calm_of_some_length()
}
