//! Whoever leaves the tenant leaves no lead behind: their open leads go back to the rules.

use chrono::Utc;
use contracts::{UserId, events::Envelope, internal::tenants::CheckMembers};
use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
};
use serde_json::json;
use uuid::Uuid;

use super::{Cause, decide::decide, rows, situation, store};
use crate::{
    deps::{Deps, SERVICE},
    leads::events::ENTITY,
    playbooks,
};

/// Leads given away in one go.
const BATCH: i64 = 500;

/// Who is a member now, of those it matters for.
pub struct Members {
    left: Vec<Uuid>,
    here: Vec<Uuid>,
}

/// Whether events of this type say that somebody came or left.
pub fn concerns(event_type: &str) -> bool {
    matches!(event_type, "Membership.CREATE" | "Membership.DELETE" | "Membership.status.UPDATE")
}

/// Asks who is a member now: the event may be old, and it does not always name the person.
pub async fn ask(deps: &Deps, event: &Envelope) -> Result<Members, Problem> {
    let (mut people, playbook) = deps
        .db
        .in_tenant(event.tenant_id, async |tx| {
            let people = store::people_with_open_leads(tx).await?;
            Ok::<_, Problem>((people, playbooks::current(tx).await?))
        })
        .await?;
    people.extend(playbook.rules.iter().flat_map(|rule| rule.members.iter().map(|member| member.user_id)));
    people.extend(&playbook.former_members);
    people.sort_unstable();
    people.dedup();
    if people.is_empty() {
        return Ok(Members { left: Vec::new(), here: Vec::new() });
    }
    let user_ids = people.iter().copied().map(UserId).collect();
    let checked = deps.peers.call(&CheckMembers { tenant_id: event.tenant_id, user_ids }).await?;
    let (left, here) = people.into_iter().partition(|person| checked.strangers.contains(&UserId(*person)));
    Ok(Members { left, here })
}

/// Notes who is a member, and gives the leads of those who left away.
pub async fn take_down(tx: &mut TenantTx<'_>, members: &Members) -> Result<(), Problem> {
    let Members { left, here } = members;
    store::note_members(tx, left, here).await?;
    if left.is_empty() { Ok(()) } else { give_away(tx, left).await }
}

/// Asks the rules again for every open lead of these people; where they find nobody, the lead is nobody's.
async fn give_away(tx: &mut TenantTx<'_>, left: &[Uuid]) -> Result<(), Problem> {
    let mut after = Uuid::nil();
    loop {
        // The playbook before the leads, as everywhere, so that nobody waits in a circle.
        let (playbook, turns) = playbooks::locked(tx).await?;
        let leads = store::lock_open_leads(tx, left, after, BATCH).await?;
        let Some(last) = leads.last() else { return Ok(()) };
        after = last.id;
        let shown: Vec<_> = leads.iter().map(|lead| serde_json::to_value(lead).unwrap_or_default()).collect();
        let rows = rows(tx, &playbook, shown.iter()).await?;
        let mut situation = situation(tx, &playbook, turns, Utc::now()).await?;
        let decisions: Vec<_> = leads
            .iter()
            .zip(&rows)
            .map(|(lead, row)| (lead, decide(&playbook.rules, row, &mut situation)))
            .collect();
        let given: Vec<_> =
            decisions.iter().map(|(lead, decision)| (lead.id, decision.assigned_to)).collect();
        store::reassign(tx, &given).await?;
        let made: Vec<_> = decisions.iter().map(|(lead, decision)| (lead.id, decision)).collect();
        store::record(tx, &made, Cause::Departure, &situation.turns).await?;
        let changes = decisions.iter().flat_map(|(lead, decision)| {
            let (before, now) =
                (json!({"assigned_to": lead.assigned_to}), json!({"assigned_to": decision.assigned_to}));
            Change::updated(ENTITY, lead.id, &before, &now, &["assigned_to"])
        });
        outbox::record(tx, SERVICE, changes.collect()).await?;
    }
}
