//! Configuration of enrichment-service.

use std::time::Duration;

use contracts::Service;
use platform::{command::BaseConfig, config::Settings, egress::EgressConfig};

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// What every service has.
    pub base: BaseConfig,
    /// Which addresses providers may reach beside public ones.
    pub egress: EgressConfig,
    /// How jobs are worked through.
    pub worker: WorkerConfig,
}

/// How jobs are worked through.
#[derive(Clone, Copy, Debug)]
pub struct WorkerConfig {
    /// Jobs run at once by one process.
    pub concurrency: usize,
    /// How often due jobs are looked for.
    pub poll: Duration,
    /// How long one run of a job may take.
    pub run_deadline: Duration,
}

impl WorkerConfig {
    /// How long a job belongs to the worker that took it. It outlives the longest run, so it needs no renewal.
    pub fn lease(&self) -> Duration {
        self.run_deadline + Duration::from_secs(15)
    }
}

impl Config {
    /// Reads the configuration.
    pub fn read(settings: &mut Settings) -> Self {
        let base = BaseConfig::read(settings, Service::Enrichment);
        let egress = EgressConfig::read(settings);
        let worker = WorkerConfig {
            concurrency: settings.with_default(
                "ENRICHMENT_CONCURRENCY",
                8,
                "jobs that one process runs at once",
            ),
            poll: Duration::from_millis(settings.with_default(
                "ENRICHMENT_POLL_MS",
                500,
                "how often due jobs are looked for, in milliseconds",
            )),
            run_deadline: Duration::from_millis(settings.with_default(
                "ENRICHMENT_RUN_DEADLINE_MS",
                45_000,
                "how long one run of a job may take, in milliseconds",
            )),
        };
        if worker.concurrency == 0 {
            settings.fault("ENRICHMENT_CONCURRENCY: must be at least 1".to_owned());
        }
        Self { base, egress, worker }
    }
}
