//! Short-lived cache of a tenant's admins, from tenant-service.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use contracts::{TenantId, UserId, internal::tenants::ListAdmins};
use moka::{Expiry, future::Cache};
use platform::{Problem, client::Peers};

const TENANTS: u64 = 10_000;
const REMEMBERED: Duration = Duration::from_secs(30);
/// Limits a burst of events to one request to an unavailable tenant-service.
const FAILURE_REMEMBERED: Duration = Duration::from_secs(1);

type Known = Result<Arc<[UserId]>, Problem>;

/// The administrators of tenants.
pub struct Admins {
    peers: Peers,
    known: Cache<TenantId, Known>,
}

struct ByOutcome;

impl Expiry<TenantId, Known> for ByOutcome {
    fn expire_after_create(&self, _tenant: &TenantId, known: &Known, _at: Instant) -> Option<Duration> {
        Some(if known.is_ok() { REMEMBERED } else { FAILURE_REMEMBERED })
    }
}

impl Admins {
    /// Empty cache.
    pub fn new(peers: Peers) -> Self {
        Self { peers, known: Cache::builder().max_capacity(TENANTS).expire_after(ByOutcome).build() }
    }

    /// The administrators of a tenant. Concurrent callers share one request.
    ///
    /// # Errors
    /// 503 when tenant-service is unavailable.
    pub async fn of(&self, tenant: TenantId) -> Known {
        let ask = async {
            let admins = self.peers.call(&ListAdmins { tenant_id: tenant }).await?;
            Ok(Arc::from(admins))
        };
        self.known.get_with(tenant, ask).await
    }

    /// Removes a tenant from the cache.
    pub async fn forget(&self, tenant: TenantId) {
        self.known.invalidate(&tenant).await;
    }
}
