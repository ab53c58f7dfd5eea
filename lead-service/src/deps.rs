//! Dependencies of lead-service's handlers.

use platform::{
    Problem,
    client::Peers,
    db::{Db, TenantTx},
    provision::Provisioning,
    redis::Redis,
};

use crate::{
    intake::{Batcher, KeyCache},
    sales,
};

/// The dependencies.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Redis.
    pub redis: Redis,
    /// The other services.
    pub peers: Peers,
    /// API keys by the hash of their text.
    pub keys: KeyCache,
    /// Gathers submissions into commits.
    pub batcher: Batcher,
}

impl Provisioning for Deps {
    fn db(&self) -> &Db {
        &self.db
    }

    async fn furnish(&self, tx: &mut TenantTx<'_>) -> Result<(), Problem> {
        sales::furnish(tx).await
    }

    async fn state_changed(&self, tenant: contracts::TenantId) {
        self.keys.forget(tenant);
    }
}
