//! Brings the system roles in the database into line with the catalogue.

use platform::{
    Problem,
    db::{Db, SystemTx},
};

use super::store;
use crate::permissions::SYSTEM_ROLES;

/// Writes every system role and what it may do. Gives whether anything changed.
///
/// # Errors
/// When the database is away or not migrated.
pub async fn system_roles(db: &Db) -> Result<bool, Problem> {
    db.in_system(async |tx: &mut SystemTx<'_>| {
        // Replicas start together.
        store::lock_system_roles(tx).await?;
        let mut changed = 0;
        for role in SYSTEM_ROLES {
            let id = store::upsert_system(tx, role).await?;
            changed += store::replace_system_permissions(tx, id, &role.permissions()).await?;
        }
        Ok(changed > 0)
    })
    .await
}
