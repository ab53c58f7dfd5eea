//! Dependencies of enrichment-service's handlers and worker.

use platform::{client::Peers, command::Base, db::Db, egress::Egress, provision::Provisioning};

use crate::{
    config::{Config, WorkerConfig},
    providers::{Providers, website::Website},
};

/// The dependencies.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// The other services.
    pub peers: Peers,
    /// Who can be asked.
    pub providers: Providers,
    /// How jobs are worked through.
    pub worker: WorkerConfig,
}

impl Deps {
    /// The dependencies as configured.
    ///
    /// # Errors
    /// When the client for user-given addresses cannot be made.
    pub fn new(config: &Config, base: Base) -> anyhow::Result<Self> {
        let egress = Egress::new(&config.egress)?;
        let providers = Providers::new(vec![Box::new(Website::new(egress))]);
        Ok(Self { db: base.db, peers: base.peers, providers, worker: config.worker })
    }
}

impl Provisioning for Deps {
    fn db(&self) -> &Db {
        &self.db
    }
}
