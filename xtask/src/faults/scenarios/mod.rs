//! The table of scenarios: what is done to the platform while forms post and people read.

mod crowd;
mod disk;
mod hops;
mod kill;
mod leaving;
mod postgres;
mod redis;
mod streams;
mod webhooks;

use anyhow::Result;

use super::stage::Setting;
use super::trial::Trial;

/// One scenario.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scenario {
    /// Its name on the command line and in the table.
    pub(super) name: &'static str,
    /// What is done.
    pub(super) about: &'static str,
    /// What it needs.
    pub(super) setting: Setting,
    /// Whether it belongs into a run of few minutes.
    pub(super) is_short: bool,
    /// Whom it is done to, where several scenarios do the same.
    pub(super) subject: &'static str,
    /// Does it.
    pub(super) run: fn(&mut Trial<'_>, &Scenario) -> Result<()>,
}

impl Scenario {
    /// One on the plain platform, for whole runs only.
    const fn of(
        name: &'static str,
        about: &'static str,
        run: fn(&mut Trial<'_>, &Scenario) -> Result<()>,
    ) -> Self {
        Self { name, about, setting: Setting::Plain, is_short: false, subject: "", run }
    }

    const fn short(self) -> Self {
        Self { is_short: true, ..self }
    }

    const fn on(self, setting: Setting) -> Self {
        Self { setting, ..self }
    }

    const fn to(self, subject: &'static str) -> Self {
        Self { subject, ..self }
    }
}

/// Every scenario there is.
pub(super) const SCENARIOS: [Scenario; 30] = [
    kill::one("kill-gateway", "gateway"),
    kill::one("kill-auth", "auth-service"),
    kill::one("kill-tenant", "tenant-service"),
    kill::one("kill-lead", "lead-service").short(),
    kill::one("kill-enrichment", "enrichment-service"),
    kill::one("kill-integration", "integration-service"),
    kill::EVERYTHING.short(),
    redis::FLUSHED.short(),
    redis::AWAY.short(),
    redis::PAUSED,
    redis::FULL,
    postgres::RESTARTED.short(),
    postgres::TERMINATED,
    postgres::LOCKED,
    hops::hop("hop-auth", "auth-service"),
    hops::hop("hop-tenant", "tenant-service"),
    hops::hop("hop-lead", "lead-service"),
    hops::hop("hop-enrichment", "enrichment-service"),
    hops::hop("hop-integration", "integration-service"),
    hops::hop("hop-redis", "redis"),
    hops::hop("hop-postgres", "postgres"),
    webhooks::RUDE,
    streams::DISORDER,
    streams::POISON.short(),
    crowd::NOISY,
    crowd::HERD,
    leaving::SIGTERM,
    leaving::ROLLING.on(Setting::Replicated),
    leaving::KILLED_BESIDE.on(Setting::Replicated),
    disk::FULL.on(Setting::SmallDisk),
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
