//! Receiver of webhooks that refuses, hangs, closes connections and answers with invalid HTTP.

use std::time::Duration;

use anyhow::Result;

use super::super::receiver::Manner;
use super::super::trial::Trial;
use super::Scenario;

/// All faults of a receiver, in turn.
pub(super) const RUDE: Scenario =
    Scenario::of("webhooks-refused", "the receiver answers 500, 429, late, not at all and garbage", rude);

fn rude(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    let long = trial.lasting(Duration::from_secs(6), Duration::from_secs(2), 5);
    let manners = [
        Manner::Refusing(500),
        Manner::Refusing(429),
        Manner::Hanging(Duration::from_secs(20)),
        Manner::Rude,
        Manner::Babbling,
    ];
    for manner in manners {
        trial.calm_of_some_length()?;
        trial.strike(|trial| {
            trial.stage.receiver.set(manner);
            let waited = trial.calm(long);
            trial.stage.receiver.set(Manner::Polite);
            waited
        })?;
    }
    trial.calm_of_some_length()
}
