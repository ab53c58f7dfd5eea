//! Configuration of enrichment-service.

use std::time::Duration;

use contracts::Service;
use platform::{
    addresses::AddressConfig,
    command::BaseConfig,
    config::{EncryptionConfig, Settings},
    egress::EgressConfig,
};
use url::Url;

use crate::money::Amount;

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// What every service has.
    pub base: BaseConfig,
    /// Which addresses providers may reach beside public ones.
    pub egress: EgressConfig,
    /// How jobs are worked through.
    pub worker: WorkerConfig,
    /// Keys for providers' credentials.
    pub encryption: EncryptionConfig,
    /// Address under which the platform is reached.
    pub public_url: Url,
    /// Politeness towards websites.
    pub sites: SitesConfig,
    /// Currency of prices and budgets.
    pub currency: String,
    /// Daily limit of the cost of work that no signed-in person asked for.
    pub anonymous_daily: Amount,
}

/// Politeness towards websites, for all tenants.
#[derive(Clone, Copy, Debug)]
pub struct SitesConfig {
    /// Pause between two pages of a site.
    pub interval: Duration,
    /// Pages of a site that are read in a day.
    pub pages_a_day: i64,
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
                16,
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
        let encryption = EncryptionConfig::read(settings);
        let AddressConfig { public_url, .. } = AddressConfig::read(settings);
        let sites = SitesConfig {
            interval: Duration::from_millis(settings.with_default(
                "ENRICHMENT_SITE_INTERVAL_MS",
                1_000,
                "pause between two pages of a website, in milliseconds, for all tenants together",
            )),
            pages_a_day: settings.with_default(
                "ENRICHMENT_SITE_PAGES_A_DAY",
                200,
                "pages of a registrable domain that are read in a day, for all tenants together",
            ),
        };
        let currency = settings.with_default(
            "ENRICHMENT_CURRENCY",
            "USD".to_owned(),
            "currency of providers' prices and budgets, ISO 4217",
        );
        if platform::values::currency(&currency).is_none() {
            settings.fault(format!("ENRICHMENT_CURRENCY: {currency:?} is no ISO 4217 code"));
        }
        let anonymous_daily = Amount(settings.with_default(
            "ENRICHMENT_ANONYMOUS_DAILY",
            rust_decimal::Decimal::from(5),
            "what work may cost a tenant in a day that no signed-in person asked for, such as that of forms",
        ));
        Self { base, egress, worker, encryption, public_url, sites, currency, anonymous_daily }
    }
}
