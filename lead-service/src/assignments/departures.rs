//! Members who leave take no new leads, and what they hold is handed over.

use chrono::Utc;
use contracts::{UserId, events::Envelope, internal::tenants::CheckMembers};
use diesel::QueryResult;
use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
};
use uuid::Uuid;

use super::{
    Cause,
    decide::{Decision, decide},
    rows, situation, store,
};
use crate::{
    deps::Deps,
    entities::Entity,
    handovers::{self, api::HandoverCause, store::Departed},
    leads::api::LeadView,
    playbooks,
};

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
    let (mut people, playbook) = deps
        .db
        .in_tenant(event.tenant_id, async |tx| {
            let people = store::people_with_records(tx).await?;
            Ok::<_, Problem>((people, playbooks::current(tx).await?))
        })
        .await?;
    people.extend(playbook.rules.iter().flat_map(|rule| rule.members.iter().map(|member| member.user_id)));
    people.extend(&playbook.former_members);
    people.sort_unstable();
    people.dedup();
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
    store::note_members(tx, &left, here).await?;
    handovers::store::cancel(tx, here).await?;
    handovers::store::plan(tx, departed).await?;
    Ok(())
}

/// Notes people who are no active members, so that rules pass them over.
pub async fn note(tx: &mut TenantTx<'_>, people: &[Uuid]) -> QueryResult<()> {
    if people.is_empty() { Ok(()) } else { store::note_members(tx, people, &[]).await }
}

/// Holds the rules and their turns for the transaction, as [`give_away`] does, before what comes behind them in the order of
/// locks.
pub async fn hold_rules(tx: &mut TenantTx<'_>) -> Result<(), Problem> {
    playbooks::locked(tx).await.map(drop)
}

/// Leads with their new owners, and the changes to record.
pub type GivenAway = (Vec<(Uuid, Option<Uuid>)>, Vec<Change>);

/// Asks the rules again for some open leads of a person who left, at most `most`; where they find no one, the lead is the
/// manager's.
pub async fn give_away(
    tx: &mut TenantTx<'_>,
    left: Uuid,
    manager: Option<Uuid>,
    most: i64,
) -> Result<GivenAway, Problem> {
    // The playbook before the leads, as everywhere, so that no two wait for each other.
    let (playbook, turns) = playbooks::locked(tx).await?;
    let leads = store::lock_open_leads(tx, left, most).await?;
    if leads.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let shown: Vec<_> = leads.iter().map(|lead| serde_json::to_value(lead).unwrap_or_default()).collect();
    let rows = rows(tx, &playbook, shown.iter()).await?;
    let mut situation = situation(tx, &playbook, turns, Utc::now()).await?;
    let decisions: Vec<_> = leads
        .iter()
        .zip(&rows)
        .map(|(lead, row)| (lead, decide(&playbook.rules, row, &mut situation)))
        .collect();
    // Never to the one who left, even if rules have not been told.
    let owner = |decision: &Decision| decision.assigned_to.filter(|person| *person != left).or(manager);
    let given: Vec<_> = decisions.iter().map(|(lead, decision)| (lead.id, owner(decision))).collect();
    store::reassign(tx, &given).await?;
    let made: Vec<_> = decisions.iter().map(|(lead, decision)| (lead.id, decision)).collect();
    store::record(tx, &made, Cause::Departure, &situation.turns).await?;
    let updated_at = Utc::now();
    let changes = leads.iter().zip(&given).flat_map(|(lead, (_, owner))| {
        let after = LeadView { assigned_to: *owner, version: lead.version + 1, updated_at, ..lead.clone() };
        Change::updated(LeadView::NAME, lead.id, lead, &after, LeadView::TRACKED)
    });
    let changes = changes.collect();
    Ok((given, changes))
}
