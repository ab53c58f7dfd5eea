//! Dependencies of enrichment-service's handlers and worker.

use platform::{
    Problem,
    auth::seal::SealingKeys,
    client::Peers,
    command::Base,
    db::{Db, TenantTx},
    egress::Egress,
    provision::Provisioning,
};
use url::Url;

use crate::{
    adapters::{registry::Adapters, website::manners::Manners},
    asking::Asking,
    config::{Config, WorkerConfig},
    money::Amount,
    providers::{domain::Surroundings, furnishing},
};

/// The dependencies.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// The other services.
    pub peers: Peers,
    /// The adapter of each kind of provider.
    pub adapters: Adapters,
    /// The pace of providers.
    pub asking: Asking,
    /// The way to addresses that users gave.
    pub egress: Egress,
    /// Seals providers' credentials.
    pub keys: SealingKeys,
    /// Where the platform is reached.
    pub public_url: Url,
    /// How jobs are worked through.
    pub worker: WorkerConfig,
    /// Currency of prices and budgets.
    pub currency: String,
    /// Daily limit of the cost of work that no signed-in person asked for.
    pub anonymous_daily: Amount,
}

impl Deps {
    /// The dependencies as configured.
    ///
    /// # Errors
    /// When a key cannot be used or the HTTP client cannot be made.
    pub fn new(config: &Config, base: Base) -> anyhow::Result<Self> {
        let egress = Egress::new(&config.egress)?;
        let manners = Manners::new(base.redis, config.sites.interval, config.sites.pages_a_day);
        Ok(Self {
            db: base.db,
            peers: base.peers,
            adapters: Adapters::new(&egress, manners),
            asking: Asking::default(),
            egress,
            keys: SealingKeys::new(&config.encryption)?,
            public_url: config.public_url.clone(),
            worker: config.worker,
            currency: config.currency.clone(),
            anonymous_daily: config.anonymous_daily,
        })
    }

    /// The checks of a provider.
    pub fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { egress: &self.egress, public_url: &self.public_url }
    }
}

impl Provisioning for Deps {
    fn db(&self) -> &Db {
        &self.db
    }

    async fn furnish(&self, tx: &mut TenantTx<'_>) -> Result<(), Problem> {
        furnishing::furnish(tx).await
    }
}
