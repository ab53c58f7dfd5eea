//! One file per verb.

pub mod create;
pub mod list;
pub mod revoke;
pub mod update;

use contracts::{TenantId, invalidation};
use platform::redis::Redis;

/// Tells every replica that a tenant's keys have changed.
async fn announce(redis: &Redis, tenant: TenantId) {
    let message =
        serde_json::to_string(&invalidation::Invalidation::ApiKeys { tenant_id: tenant }).unwrap_or_default();
    redis.publish(invalidation::CHANNEL, &message).await;
}
