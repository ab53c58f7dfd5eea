//! Wrong clocks: within the tolerance, and far beyond it.

use std::time::Duration;

use anyhow::Result;
use rand::RngExt;

use super::super::goals::Goal;
use super::super::trial::Trial;
use super::Scenario;

/// Tolerated difference of two machines' clocks, in seconds.
const TOLERATED: i64 = 2;
/// Offset in seconds beyond the lifetime of all tokens and identities.
const FAR: i64 = 3_600;
/// Time in which a process applies a new offset.
const NOTICED: Duration = Duration::from_millis(1_200);

/// Small offsets of all clocks, then a large one for each process in turn.
pub(super) const SKEWED: Scenario = Scenario::of(
    "clock-skew",
    "all clocks wrong by up to 2 s, where no request may fail, then each by an hour, ahead and behind",
    skewed,
);

fn skewed(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    let processes = trial.stage.processes();
    trial.calm_of_some_length()?;
    let long = trial.lasting(Duration::from_secs(10), Duration::from_secs(4), 1);
    let before = trial.failed();
    for name in &processes {
        let offset = trial.random.random_range(-TOLERATED..=TOLERATED);
        trial.stage.set_clock(name, offset)?;
    }
    trial.calm(long)?;
    let failed = u64::try_from(trial.failed() - before)?;
    trial.judge(Goal::at_most("requests failed while clocks differed by up to 2 s", 0, failed));
    for name in &processes {
        trial.stage.set_clock(name, 0)?;
    }
    let long = trial.lasting(Duration::from_secs(3), Duration::from_millis(1_500), 12);
    for name in &processes {
        for offset in [FAR, -FAR] {
            trial.calm(NOTICED)?;
            trial.strike(|trial| {
                trial.stage.set_clock(name, offset)?;
                let waited = trial.calm(long);
                trial.stage.set_clock(name, 0)?;
                trial.calm(NOTICED)?;
                waited
            })?;
        }
    }
    trial.calm_of_some_length()
}
