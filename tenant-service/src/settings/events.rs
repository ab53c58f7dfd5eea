//! Events of a tenant's settings. A user's own settings make no events.

use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
};

use super::{
    ENTITY,
    api::{SettingScope, SettingView},
};
use crate::audit;

/// It came to be.
pub async fn created(tx: &mut TenantTx<'_>, setting: &SettingView) -> Result<(), Problem> {
    record(tx, setting, || vec![Change::created(ENTITY, setting.id, setting)]).await
}

/// It changed.
pub async fn updated(
    tx: &mut TenantTx<'_>,
    before: &SettingView,
    after: &SettingView,
) -> Result<(), Problem> {
    record(tx, before, || Change::updated(ENTITY, before.id, before, after, &[])).await
}

/// It was deleted.
pub async fn deleted(tx: &mut TenantTx<'_>, setting: &SettingView) -> Result<(), Problem> {
    record(tx, setting, || vec![Change::deleted(ENTITY, setting.id, setting)]).await
}

async fn record(
    tx: &mut TenantTx<'_>,
    setting: &SettingView,
    changes: impl FnOnce() -> Vec<Change>,
) -> Result<(), Problem> {
    match setting.scope {
        SettingScope::Tenant => audit::record(tx, changes()).await,
        SettingScope::User => Ok(()),
    }
}
