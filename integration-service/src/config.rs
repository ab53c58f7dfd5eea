//! Configuration of integration-service.

use std::time::Duration;

use contracts::Service;
use platform::{
    command::BaseConfig,
    config::{EncryptionConfig, Settings},
    egress::EgressConfig,
};

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// What every service has.
    pub base: BaseConfig,
    /// Keys for the secrets of webhook endpoints.
    pub encryption: EncryptionConfig,
    /// Which addresses beside public ones are delivered to.
    pub egress: EgressConfig,
    /// How deliveries are made.
    pub deliveries: DeliveriesConfig,
}

/// How deliveries are made.
#[derive(Clone, Copy, Debug)]
pub struct DeliveriesConfig {
    /// Deliveries under way at once, in this process.
    pub at_once: usize,
    /// Deliveries under way at once to one endpoint.
    pub at_once_per_endpoint: i64,
    /// How long a receiver may take to answer.
    pub deadline: Duration,
}

impl Config {
    /// Reads the configuration.
    pub fn read(settings: &mut Settings) -> Self {
        Self {
            base: BaseConfig::read(settings, Service::Integration),
            encryption: EncryptionConfig::read(settings),
            egress: EgressConfig::read(settings),
            deliveries: DeliveriesConfig {
                at_once: settings.with_default("DELIVERIES_AT_ONCE", 64, "webhooks under way at once"),
                at_once_per_endpoint: settings.with_default(
                    "DELIVERIES_AT_ONCE_PER_ENDPOINT",
                    16,
                    "webhooks under way at once to one endpoint",
                ),
                deadline: Duration::from_millis(settings.with_default(
                    "DELIVERIES_DEADLINE_MS",
                    10_000,
                    "how long a receiver may take to answer, in milliseconds",
                )),
            },
        }
    }
}
