//! Events of invitations.

use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
};

use super::{ENTITY, api::InvitationView};
use crate::audit;

/// Records a new invitation.
pub async fn created(tx: &mut TenantTx<'_>, invitation: &InvitationView) -> Result<(), Problem> {
    audit::record(tx, vec![Change::created(ENTITY, invitation.id, invitation)]).await
}

/// It was sent again, accepted or withdrawn.
pub async fn updated(
    tx: &mut TenantTx<'_>,
    before: &InvitationView,
    after: &InvitationView,
) -> Result<(), Problem> {
    audit::record(tx, Change::updated(ENTITY, before.id, before, after, &["status"])).await
}
