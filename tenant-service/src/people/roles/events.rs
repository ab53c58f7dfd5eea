//! Events of a tenant's roles.

use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
};

use super::{ENTITY, api::RoleView};
use crate::audit;

/// It came to be.
pub async fn created(tx: &mut TenantTx<'_>, role: &RoleView) -> Result<(), Problem> {
    audit::record(tx, vec![Change::created(ENTITY, role.id, role)]).await
}

/// It changed.
pub async fn updated(tx: &mut TenantTx<'_>, before: &RoleView, after: &RoleView) -> Result<(), Problem> {
    audit::record(tx, Change::updated(ENTITY, before.id, before, after, &["permissions", "data_scope"])).await
}

/// It was deleted.
pub async fn deleted(tx: &mut TenantTx<'_>, role: &RoleView) -> Result<(), Problem> {
    audit::record(tx, vec![Change::deleted(ENTITY, role.id, role)]).await
}
