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

/// The dependencies.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// The other services.
    pub peers: Peers,
    /// Seals the secrets of webhook endpoints.
    pub keys: SealingKeys,
    /// The way to addresses that users gave.
    pub egress: Egress,
    /// Who administers which tenant.
    pub admins: Admins,
    /// Wakes those who listen for notifications.
    pub notifier: Arc<Notifier>,
    /// How deliveries are made.
    pub deliveries: DeliveriesConfig,
}

impl Deps {
    /// Makes the dependencies.
    ///
    /// # Errors
    /// When a key cannot be used or the HTTP client cannot be made.
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
