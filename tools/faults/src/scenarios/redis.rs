//! Redis empty, unavailable, frozen and full: acknowledging a lead does not depend on it.

use std::time::Duration;

use anyhow::Result;
use nix::sys::signal::Signal;

use super::super::proxy::Fault;
use super::super::trial::Trial;
use super::Scenario;

const BLOWS: u64 = 10;

/// All keys are deleted, including streams and groups.
pub(super) const FLUSHED: Scenario = Scenario::of("redis-flushed", "FLUSHALL at random moments", flushed);
/// Killed, and unreachable for a minute.
pub(super) const AWAY: Scenario = Scenario::of("redis-away", "killed, and not reachable for 60 s", away);
/// Frozen: connections are accepted and not answered.
pub(super) const PAUSED: Scenario = Scenario::of("redis-paused", "frozen for 10 s", paused);
/// Out of memory: writes are refused.
pub(super) const FULL: Scenario = Scenario::of("redis-full", "out of memory for 15 s", full);

fn flushed(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    let redis = trial.stage.redis()?;
    for _ in 0..trial.strikes(BLOWS) {
        trial.calm_of_some_length()?;
        trial.strike(|_| redis.command(&["FLUSHALL"]).map(drop))?;
    }
    trial.calm_of_some_length()
}

fn away(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    trial.calm_of_some_length()?;
    let long = trial.lasting(Duration::from_secs(60), Duration::from_secs(5), 1);
    trial.strike(|trial| {
        let hop = trial.stage.hop("redis")?;
        hop.set(Fault::Reset);
        trial.stage.platform.kill("redis")?;
        let waited = trial.calm(long);
        hop.set(Fault::None);
        waited
    })?;
    trial.calm_of_some_length()
}

fn paused(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    trial.calm_of_some_length()?;
    let long = trial.lasting(Duration::from_secs(10), Duration::from_secs(4), 1);
    trial.strike(|trial| {
        trial.stage.platform.signal("redis", Signal::SIGSTOP)?;
        let waited = trial.calm(long);
        trial.stage.platform.signal("redis", Signal::SIGCONT)?;
        waited
    })?;
    trial.calm_of_some_length()
}

fn full(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    trial.calm_of_some_length()?;
    let long = trial.lasting(Duration::from_secs(15), Duration::from_secs(5), 1);
    let redis = trial.stage.redis()?;
    trial.strike(|trial| {
        redis.command(&["CONFIG", "SET", "maxmemory", "1"])?;
        let waited = trial.calm(long);
        redis.command(&["CONFIG", "SET", "maxmemory", "0"])?;
        waited
    })?;
    trial.calm_of_some_length()
}
