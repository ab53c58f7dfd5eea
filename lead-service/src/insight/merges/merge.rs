//! Merges leads into one.

use std::collections::HashMap;

use actix_web::web::Data;
use chrono::{SubsecRound, Utc};
use contracts::{
    permissions::{LeadsAssign, LeadsMerge, LeadsRead, LeadsUpdate},
    problem::FieldError,
};
use platform::{
    Problem,
    db::{
        Stored, TenantTx, Visibility,
        outbox::{self, Change},
        stored::successors,
    },
    http::{Allowed, Answer, Body, Json, May, Needs, Shown, Shows, access::TenantCaller},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    api::{MergeLeads, MergeView, MergedField},
    domain::{converted, merged, note_conversion},
    records::{self, MovedRecord, Way},
    store::{self, Merge},
    told,
};
use crate::{
    deps::Deps,
    entities::{self, Entity},
    lead_management,
    people::{self, Conversion, LeadView},
};

/// The effects of a merge and of its undoing: the winner is changed, and may get another assignee.
pub(super) type Merging = (Needs<LeadsUpdate>, May<LeadsAssign>, Shows<LeadsRead>);

/// The winner keeps what it has and gets what it lacks; what hung on the losers hangs on it, and their ids are its ids
/// from now on. A dry run shows the same and changes nothing.
pub async fn merge(
    caller: Allowed<LeadsMerge, Merging>,
    body: Json<MergeLeads>,
    deps: Data<Deps>,
) -> Result<Answer<Body<MergeView>>, Problem> {
    let asked = body.into_inner();
    check_distinct(&asked)?;
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let asked = of_today(tx, asked).await?;
            let (winner, losers) = hold(tx, &asked, &visibility).await?;
            let (members, mut fields) = merged(&winner, &losers)?;
            if let Some(loser) = converted(&winner, &losers) {
                note_conversion(&mut fields, loser);
            }
            if asked.dry_run {
                // It is done and taken back at once, so that it shows what would become of it.
                let mut tried = None;
                let undone = tx
                    .attempt(async |tx| {
                        tried = Some(unite(tx, &winner, &losers, members, &caller).await?.lead);
                        Err::<(), _>(Problem::internal("a merge was only tried"))
                    })
                    .await;
                let lead = match (tried, undone) {
                    (Some(lead), _) => lead,
                    (None, Err(problem)) => return Err(problem),
                    (None, Ok(())) => return Err(Problem::internal("a tried merge shows nothing")),
                };
                return Ok(Body::new(view(&caller, None, lead, fields)));
            }
            let united = unite(tx, &winner, &losers, members, &caller).await?;
            let merge = Merge {
                winner_id: winner.id,
                loser_ids: asked.losers.clone(),
                before: Value::Object(people::written_members(&winner)?),
                after: Value::Object(people::written_members(&united.lead)?),
                moved_keys: united.moved_keys,
                moved_records: json!(united.moved_records),
                undone_at: None,
            };
            let merge_id = store::keep(tx, &merge, caller.user()).await?;
            let (name, tracked) = (LeadView::NAME, LeadView::TRACKED);
            let mut changes = Change::updated(name, winner.id, &winner, &united.lead, tracked);
            changes.extend(losers.iter().map(|loser| Change::deleted(name, loser.id, loser)));
            changes.extend(records::changes(tx, &united.moved_records, Way::To(winner.id)).await?);
            changes.extend(Change::of(vec![told::change(&merge, merge_id, told::MERGED)], &united.lead));
            outbox::record(tx, changes).await?;
            Ok(Body::new(view(&caller, Some(merge_id), united.lead, fields)))
        })
        .await
}

/// The winner after a merge, and what it got from the losers.
struct United {
    lead: LeadView,
    moved_keys: Value,
    moved_records: Vec<MovedRecord>,
}

/// Writes the winner with these fields; keys and records go to it first, so that it is scored by them.
async fn unite(
    tx: &mut TenantTx<'_>,
    winner: &LeadView,
    losers: &[LeadView],
    members: Map<String, Value>,
    caller: &TenantCaller,
) -> Result<United, Problem> {
    let at = Utc::now().trunc_subsecs(6);
    let ids: Vec<Uuid> = losers.iter().map(|loser| loser.id).collect();
    let moved_records = records::move_to(tx, winner.id, &ids, at).await?;
    let moved_keys = store::absorb(tx, winner.id, &ids, at).await?;
    let mut lead = lead_management::update_lead(tx, winner, &people::stored_fields(members)?).await?;
    if let Some(conversion) = converted(winner, losers).and_then(Conversion::of) {
        lead = people::set_conversion(tx, winner.id, conversion, None).await?;
    }
    people::check_assignment(winner, &lead, caller)?;
    Ok(United { lead, moved_keys, moved_records })
}

/// The same with the ids that merged leads have today.
async fn of_today(tx: &mut TenantTx<'_>, asked: MergeLeads) -> Result<MergeLeads, Problem> {
    let named: Vec<Uuid> = asked.losers.iter().copied().chain([asked.winner]).collect();
    let merged: HashMap<Uuid, Uuid> = successors::<LeadView>(tx, &named).await?.into_iter().collect();
    let today = |id: Uuid| merged.get(&id).copied().unwrap_or(id);
    let winner = today(asked.winner);
    let losers = asked.losers.iter().map(|id| today(*id)).collect();
    let asked = MergeLeads { winner, losers, ..asked };
    check_distinct(&asked)?;
    Ok(asked)
}

/// What a caller is shown of a merge.
fn view(
    caller: &TenantCaller,
    merge_id: Option<Uuid>,
    lead: LeadView,
    fields: Vec<MergedField>,
) -> MergeView {
    let fields = if caller.may::<LeadsRead>() { fields } else { Vec::new() };
    MergeView { merge_id, lead: Shown::to(caller, lead), fields }
}

fn check_distinct(asked: &MergeLeads) -> Result<(), Problem> {
    let mut faults = Vec::new();
    for (index, loser) in asked.losers.iter().enumerate() {
        if *loser == asked.winner || asked.losers.iter().take(index).any(|other| other == loser) {
            faults.push(FieldError::new(format!("losers.{index}"), "ambiguous", "is named more than once"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}

/// Locks all of them in one order; 422 naming the one that the caller does not see.
async fn hold(
    tx: &mut TenantTx<'_>,
    asked: &MergeLeads,
    visibility: &Visibility,
) -> Result<(LeadView, Vec<LeadView>), Problem> {
    let places = asked.losers.iter().enumerate().map(|(index, id)| (*id, format!("losers.{index}")));
    let mut places: Vec<(Uuid, String)> = places.chain([(asked.winner, "winner".to_owned())]).collect();
    places.sort();
    let mut held = Vec::with_capacity(places.len());
    for (id, field) in places {
        match LeadView::lock(tx, id, visibility).await {
            Ok(lead) if lead.id == id => held.push(lead),
            // Another merge was faster.
            Ok(_) | Err(diesel::result::Error::NotFound) => return Err(entities::unknown_reference(&field)),
            Err(error) => return Err(error.into()),
        }
    }
    let (winners, mut losers): (Vec<LeadView>, Vec<LeadView>) =
        held.into_iter().partition(|lead| lead.id == asked.winner);
    losers.sort_by_key(|lead| asked.losers.iter().position(|id| *id == lead.id));
    let winner = winners.into_iter().next().ok_or_else(|| entities::unknown_reference("winner"))?;
    Ok((winner, losers))
}
