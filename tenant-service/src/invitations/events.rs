//! What is recorded when an invitation changes.

use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
};

use super::{ENTITY, api::InvitationView};
use crate::deps::SERVICE;

/// Somebody was invited.
pub async fn created(tx: &mut TenantTx<'_>, invitation: &InvitationView) -> Result<(), Problem> {
    outbox::record(tx, SERVICE, vec![Change::created(ENTITY, invitation.id, invitation)]).await
}

/// It was sent again, accepted or withdrawn.
pub async fn updated(
    tx: &mut TenantTx<'_>,
    before: &InvitationView,
    after: &InvitationView,
) -> Result<(), Problem> {
    outbox::record(tx, SERVICE, Change::updated(ENTITY, before.id, before, after, &["status"])).await
}
