//! Events of tenants.

use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
};

use super::{ENTITY, TRACKED, api::TenantView};
use crate::audit;

/// It came to be.
pub async fn created(tx: &mut TenantTx<'_>, tenant: &TenantView) -> Result<(), Problem> {
    audit::record(tx, vec![Change::created(ENTITY, tenant.id, tenant)]).await
}

/// It changed.
pub async fn updated(tx: &mut TenantTx<'_>, before: &TenantView, after: &TenantView) -> Result<(), Problem> {
    audit::record(tx, Change::updated(ENTITY, before.id, before, after, TRACKED)).await
}

/// It was deleted.
pub async fn deleted(tx: &mut TenantTx<'_>, tenant: &TenantView) -> Result<(), Problem> {
    audit::record(tx, vec![Change::deleted(ENTITY, tenant.id, tenant)]).await
}
