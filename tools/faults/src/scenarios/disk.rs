//! No room left for PostgreSQL and Redis.

use std::time::Duration;

use anyhow::{Context, Result};

use super::super::stage::Ballast;
use super::super::trial::Trial;
use super::Scenario;

/// Full disk for a while.
pub(super) const FULL: Scenario = Scenario::of("disk-full", "no room on the engines' disk for 15 s", full);

fn full(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    trial.calm_of_some_length()?;
    let long = trial.lasting(Duration::from_secs(15), Duration::from_secs(6), 1);
    trial.strike(|trial| {
        let ballast = Ballast::fill(trial.stage.small_disk().context("there is no small disk")?)?;
        let waited = trial.calm(long);
        drop(ballast);
        waited
    })?;
    trial.calm_of_some_length()
}
