//! Configuration of lead-service.

use contracts::Service;
use platform::{command::BaseConfig, config::Settings};

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// What every service has.
    pub base: BaseConfig,
    /// How ingest is batched.
    pub ingest: IngestConfig,
}

/// How submissions are gathered into commits.
#[derive(Clone, Copy, Debug)]
pub struct IngestConfig {
    /// Most commits under way at once; the second begins when the first takes long.
    pub writers: usize,
    /// Most submissions in one commit.
    pub batch: usize,
    /// Submissions that may wait; more are turned away with 503.
    pub queue: usize,
}

impl Config {
    /// Reads the configuration.
    pub fn read(settings: &mut Settings) -> Self {
        Self {
            base: BaseConfig::read(settings, Service::Lead),
            ingest: IngestConfig {
                writers: settings.with_default(
                    "INGEST_WRITERS",
                    4,
                    "most commits of submissions under way at once; more than one only while one takes long",
                ),
                batch: settings.with_default("INGEST_BATCH", 256, "most submissions in one commit"),
                queue: settings.with_default("INGEST_QUEUE", 4_096, "submissions that may wait for a commit"),
            },
        }
    }
}
