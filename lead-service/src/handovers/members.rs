//! Members who leave: what they hold is handed over.

use contracts::{UserId, events::Envelope, internal::tenants::CheckMembers};
use platform::{Problem, db::TenantTx};
use uuid::Uuid;

use super::{
    api::HandoverCause,
    store::{self, Departed},
};
use crate::{deps::Deps, routing};

/// Who is a member now, of those it matters for.
pub struct Members {
    departed: Vec<Departed>,
    here: Vec<Uuid>,
}

/// Whether events of this type say that a member came or left.
pub fn concerns(event_type: &str) -> bool {
    matches!(event_type, "Membership.CREATE" | "Membership.DELETE" | "Membership.status.UPDATE")
}

/// Whether events of this type may change when handovers are due.
pub fn changes_due_times(event_type: &str) -> bool {
    matches!(event_type, "Setting.CREATE" | "Setting.UPDATE" | "Setting.DELETE" | "Tenant.UPDATE")
}

/// Asks who is a member now: the event may be old, and it does not always name the person.
pub async fn ask(deps: &Deps, event: &Envelope) -> Result<Members, Problem> {
    let people = deps.db.in_tenant(event.tenant_id, async |tx| routing::people_concerned(tx).await).await?;
    if people.is_empty() {
        return Ok(Members { departed: Vec::new(), here: Vec::new() });
    }
    let user_ids = people.iter().copied().map(UserId).collect();
    let checked = deps.peers.call(&CheckMembers { tenant_id: event.tenant_id, user_ids }).await?;
    let (left, here): (Vec<Uuid>, Vec<Uuid>) =
        people.into_iter().partition(|person| checked.strangers.contains(&UserId(*person)));
    let departed = |user_id: Uuid| {
        let leaver = checked.leavers.iter().find(|leaver| leaver.user_id.0 == user_id);
        let cause = leaver.map_or(HandoverCause::Removed, |leaver| leaver.leaving.into());
        Departed { user_id, cause, left_at: leaver.map(|leaver| leaver.since) }
    };
    Ok(Members { departed: left.into_iter().map(departed).collect(), here })
}

/// Notes who is a member, and plans to hand over what those who left hold.
pub async fn take_down(tx: &mut TenantTx<'_>, members: &Members) -> Result<(), Problem> {
    let Members { departed, here } = members;
    let left: Vec<Uuid> = departed.iter().map(|one| one.user_id).collect();
    routing::note_members(tx, &left, here).await?;
    store::cancel(tx, here).await?;
    store::plan(tx, departed).await?;
    Ok(())
}
