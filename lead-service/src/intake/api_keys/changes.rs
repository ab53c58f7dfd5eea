//! Invalidation of a tenant's cached keys.

use contracts::{
    TenantId,
    invalidation::{CHANNEL, Invalidation},
};

use crate::deps::Deps;

/// Evicts the tenant's keys here and in every replica.
pub async fn announce(deps: &Deps, tenant: TenantId) {
    deps.keys.forget(tenant);
    let message = serde_json::to_string(&Invalidation::ApiKeys { tenant_id: tenant }).unwrap_or_default();
    deps.redis.publish(CHANNEL, &message).await;
}
