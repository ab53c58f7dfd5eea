//! PostgreSQL restarted, its connections cut, a table locked.

use std::time::Duration;

use anyhow::Result;
use nix::sys::signal::Signal;

use super::super::trial::Trial;
use super::Scenario;

const BLOWS: u64 = 5;

/// Immediate shutdown: no checkpoint, recovery from the write-ahead log at the next start.
pub(super) const RESTARTED: Scenario =
    Scenario::of("postgres-restarted", "stopped in immediate mode, at random moments", restarted);
/// Every connection is ended by the server.
pub(super) const TERMINATED: Scenario =
    Scenario::of("postgres-terminated", "all backends terminated, at random moments", terminated);
/// The leads are locked.
pub(super) const LOCKED: Scenario =
    Scenario::of("postgres-locked", "the leads' table locked for 20 s", locked);

fn restarted(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    for _ in 0..trial.strikes(BLOWS) {
        trial.calm_of_some_length()?;
        trial.strike(|trial| trial.stage.platform.signal("postgres", Signal::SIGQUIT))?;
    }
    trial.calm_of_some_length()
}

fn terminated(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    let sql = trial.stage.sql("postgres")?;
    for _ in 0..trial.strikes(BLOWS) {
        trial.calm_of_some_length()?;
        let all = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
                   where backend_type = 'client backend' and pid <> pg_backend_pid()";
        trial.strike(|_| sql.number(all).map(drop))?;
    }
    trial.calm_of_some_length()
}

fn locked(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    trial.calm_of_some_length()?;
    let long = trial.lasting(Duration::from_secs(20), Duration::from_secs(7), 1);
    let sql = trial.stage.sql("lead")?;
    trial.strike(|trial| {
        let seconds = long.as_secs();
        let lock =
            format!("begin; lock table leads in access exclusive mode; select pg_sleep({seconds}); commit;");
        let mut shell = sql.start(&lock)?;
        let waited = trial.calm(long);
        // Ends by itself; waiting collects it.
        shell.wait()?;
        waited
    })?;
    trial.calm_of_some_length()
}
