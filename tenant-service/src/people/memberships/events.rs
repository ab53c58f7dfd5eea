//! Events of memberships.

use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
};

use super::{ENTITY, TRACKED, api::Membership};
use crate::audit;

/// Records that a member joined.
pub async fn created(tx: &mut TenantTx<'_>, member: &Membership) -> Result<(), Problem> {
    audit::record(tx, vec![Change::created(ENTITY, member.id, member)]).await
}

/// It changed.
pub async fn updated(tx: &mut TenantTx<'_>, before: &Membership, after: &Membership) -> Result<(), Problem> {
    audit::record(tx, Change::updated(ENTITY, before.id, before, after, TRACKED)).await
}

/// Records that a member was removed and that their reports moved to the next superior.
pub async fn removed(
    tx: &mut TenantTx<'_>,
    member: &Membership,
    moved: &[(Membership, Membership)],
) -> Result<(), Problem> {
    let mut changes = vec![Change::deleted(ENTITY, member.id, member)];
    for (before, after) in moved {
        changes.extend(Change::updated(ENTITY, before.id, before, after, TRACKED));
    }
    audit::record(tx, changes).await
}
