//! Dependencies of integration-service's handlers and workers.

use std::sync::Arc;

use contracts::TenantId;
use platform::{
    auth::seal::SealingKeys, client::Peers, command::Base, db::Db, egress::Egress, provision::Provisioning,
};

use crate::{
    config::{Config, DeliveriesConfig},
    notifications::{admins::Admins, notifier::Notifier},
};

/// Dependencies.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// The other services.
    pub peers: Peers,
    /// Keys that encrypt the secrets of webhook endpoints.
    pub keys: SealingKeys,
    /// Client for URLs from users.
    pub egress: Egress,
    /// The tenants' administrators.
    pub admins: Admins,
    /// Wakes notification streams.
    pub notifier: Arc<Notifier>,
    /// Settings of deliveries.
    pub deliveries: DeliveriesConfig,
}

impl Deps {
    /// Makes the dependencies.
    ///
    /// # Errors
    /// When a key is invalid or the HTTP client cannot be built.
    pub fn new(config: &Config, base: Base) -> anyhow::Result<Self> {
        Ok(Self {
            db: base.db,
            admins: Admins::new(base.peers.clone()),
            notifier: Notifier::new(base.redis),
            peers: base.peers,
            keys: SealingKeys::new(&config.encryption)?,
            egress: Egress::new(&config.egress)?,
            deliveries: config.deliveries,
        })
    }
}

impl Provisioning for Deps {
    fn db(&self) -> &Db {
        &self.db
    }

    async fn state_changed(&self, tenant: TenantId) {
        self.admins.forget(tenant).await;
    }
}
