//! Configuration of integration-service.

use std::time::Duration;

use contracts::Service;
use platform::{
    command::BaseConfig,
    config::{EncryptionConfig, Settings},
    egress::EgressConfig,
};

/// Configuration of the service.
#[derive(Clone, Debug)]
pub struct Config {
    /// Settings of every service.
    pub base: BaseConfig,
    /// Keys for the secrets of webhook endpoints.
    pub encryption: EncryptionConfig,
    /// Non-public addresses to which deliveries are allowed.
    pub egress: EgressConfig,
    /// Settings of deliveries.
    pub deliveries: DeliveriesConfig,
}

/// Settings of deliveries.
#[derive(Clone, Copy, Debug)]
pub struct DeliveriesConfig {
    /// Concurrent deliveries of this process.
    pub at_once: usize,
    /// Concurrent deliveries to one endpoint.
    pub at_once_per_endpoint: i64,
    /// Deadline for a receiver's answer.
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
                at_once: settings.with_default("DELIVERIES_AT_ONCE", 64, "concurrent webhooks"),
                at_once_per_endpoint: settings.with_default(
                    "DELIVERIES_AT_ONCE_PER_ENDPOINT",
                    16,
                    "concurrent webhooks to one endpoint",
                ),
                deadline: Duration::from_millis(settings.with_default(
                    "DELIVERIES_DEADLINE_MS",
                    10_000,
                    "deadline for a receiver's answer, in milliseconds",
                )),
            },
        }
    }
}
