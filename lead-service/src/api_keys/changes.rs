//! What is known of a tenant's keys has changed.

use contracts::{
    TenantId,
    invalidation::{CHANNEL, Invalidation},
};

use crate::deps::Deps;

/// Forgets the tenant's keys here and tells every replica to.
pub async fn announce(deps: &Deps, tenant: TenantId) {
    deps.keys.forget(tenant);
    let message = serde_json::to_string(&Invalidation::ApiKeys { tenant_id: tenant }).unwrap_or_default();
    deps.redis.publish(CHANNEL, &message).await;
}
