//! Slow, hanging and resetting connections between the processes.

use std::time::Duration;

use anyhow::Result;
use rand::RngExt;

use super::super::proxy::Fault;
use super::super::trial::Trial;
use super::Scenario;

/// Repetitions in a whole run.
const ROUNDS: u64 = 2;

/// All network faults on the connections to a service or an engine, in turn.
pub(super) const fn hop(name: &'static str, subject: &'static str) -> Scenario {
    Scenario::of(name, "the way there slow, narrow, hanging, resetting, cut in the middle", spoil)
        .to(subject)
        .recovering(3)
}

fn spoil(trial: &mut Trial<'_>, scenario: &Scenario) -> Result<()> {
    let long = trial.lasting(Duration::from_secs(6), Duration::from_secs(1), 5);
    for _ in 0..(trial.strikes(ROUNDS * 5) / 5).max(1) {
        let cut = trial.random.random_range(100..4_000);
        let faults = [
            Fault::Latency(Duration::from_millis(200)),
            Fault::Bandwidth(20_000),
            Fault::Blackhole,
            Fault::Reset,
            Fault::CutAfter(cut),
        ];
        for fault in faults {
            trial.calm_of_some_length()?;
            trial.strike(|trial| {
                let hop = trial.stage.hop(scenario.subject)?;
                hop.set(fault);
                let waited = trial.calm(long);
                hop.set(Fault::None);
                waited
            })?;
        }
    }
    trial.calm_of_some_length()
}
