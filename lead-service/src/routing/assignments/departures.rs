//! Members who left take no new leads, and rules give away what they have.

use chrono::Utc;
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
use crate::{entities::Entity, people::LeadView, routing::playbooks};

/// People with records, people named by rules, and people who left: their membership matters here.
pub async fn people_concerned(tx: &mut TenantTx<'_>) -> Result<Vec<Uuid>, Problem> {
    let mut people = store::people_with_records(tx).await?;
    let playbook = playbooks::current(tx).await?;
    people.extend(playbook.rules.iter().flat_map(|rule| rule.members.iter().map(|member| member.user_id)));
    people.extend(&playbook.former_members);
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// Notes who left and who is here, so that rules pass over those who left.
pub async fn note_members(tx: &mut TenantTx<'_>, left: &[Uuid], here: &[Uuid]) -> QueryResult<()> {
    store::note_members(tx, left, here).await
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
