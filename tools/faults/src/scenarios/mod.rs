//! Table of scenarios: faults that are injected under load.

mod clocks;
mod crowd;
mod disk;
mod handlers;
mod hops;
mod kill;
mod leaving;
mod postgres;
mod redis;
mod sign_in;
mod streams;
mod webhooks;

use std::time::Duration;

use anyhow::Result;

use super::stage::Setting;
use super::trial::Trial;

/// One scenario.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scenario {
    /// Its name on the command line and in the table.
    pub(super) name: &'static str,
    /// Description.
    pub(super) about: &'static str,
    /// Required setting.
    pub(super) setting: Setting,
    /// Whether it is part of short runs.
    pub(super) is_short: bool,
    /// The affected process, where several scenarios do the same.
    pub(super) subject: &'static str,
    /// Limit of the recovery time after a fault, if there is one.
    pub(super) recovers_within: Option<Duration>,
    /// Whether no request may fail.
    pub(super) is_seamless: bool,
    /// Whether every post has to be acknowledged.
    pub(super) takes_all: bool,
    /// Runs it.
    pub(super) run: fn(&mut Trial<'_>, &Scenario) -> Result<()>,
}

impl Scenario {
    /// Scenario on the plain platform, for whole runs only.
    const fn of(
        name: &'static str,
        about: &'static str,
        run: fn(&mut Trial<'_>, &Scenario) -> Result<()>,
    ) -> Self {
        Self {
            name,
            about,
            setting: Setting::Plain,
            is_short: false,
            subject: "",
            recovers_within: None,
            is_seamless: false,
            takes_all: false,
            run,
        }
    }

    const fn short(self) -> Self {
        Self { is_short: true, ..self }
    }

    const fn on(self, setting: Setting) -> Self {
        Self { setting, ..self }
    }

    const fn recovering(self, seconds: u64) -> Self {
        Self { recovers_within: Some(Duration::from_secs(seconds)), ..self }
    }

    const fn seamless(self) -> Self {
        Self { is_seamless: true, ..self }
    }

    const fn taking_all(self) -> Self {
        Self { takes_all: true, ..self }
    }

    const fn to(self, subject: &'static str) -> Self {
        Self { subject, ..self }
    }
}

/// All scenarios.
pub(super) const SCENARIOS: [Scenario; 33] = [
    kill::one("kill-gateway", "gateway"),
    kill::one("kill-auth", "auth-service"),
    kill::one("kill-tenant", "tenant-service"),
    kill::one("kill-lead", "lead-service").short(),
    kill::one("kill-enrichment", "enrichment-service"),
    kill::one("kill-integration", "integration-service"),
    kill::EVERYTHING.short().recovering(30),
    redis::FLUSHED.short().recovering(10).taking_all(),
    redis::AWAY.short().recovering(10).taking_all(),
    redis::PAUSED.recovering(10).taking_all(),
    redis::FULL.recovering(10).taking_all(),
    postgres::RESTARTED.short().recovering(10),
    postgres::TERMINATED.recovering(10),
    postgres::LOCKED.recovering(10),
    hops::hop("hop-auth", "auth-service"),
    hops::hop("hop-tenant", "tenant-service"),
    hops::hop("hop-lead", "lead-service"),
    hops::hop("hop-enrichment", "enrichment-service"),
    hops::hop("hop-integration", "integration-service"),
    hops::hop("hop-redis", "redis").recovering(10),
    hops::hop("hop-postgres", "postgres").recovering(10),
    webhooks::RUDE.seamless(),
    streams::DISORDER.seamless(),
    streams::POISON.short().seamless(),
    handlers::FAILING.seamless(),
    crowd::NOISY.on(Setting::Direct),
    crowd::HERD,
    sign_in::BESIDE_REGISTRATIONS.on(Setting::Direct),
    leaving::SIGTERM.recovering(3),
    leaving::ROLLING.on(Setting::Replicated).seamless(),
    leaving::KILLED_BESIDE.on(Setting::Replicated),
    disk::FULL.on(Setting::SmallDisk).recovering(10),
    clocks::SKEWED.on(Setting::Clocks),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_is_there_once() {
        let names: BTreeSet<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();

        assert_eq!(names.len(), SCENARIOS.len());
    }
}
