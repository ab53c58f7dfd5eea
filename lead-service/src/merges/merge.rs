//! Merges leads into one.

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
        json::JsonText,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, Json, May, Needs, Shown, Shows, access::TenantCaller},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    api::{MergeLeads, MergeView, MergedField},
    domain::{merged, stored, written},
    store::{self, Merge},
    told,
};
use crate::{
    deps::{Deps, SERVICE},
    entities::Entity,
    leads::{self, api::LeadView, assigning},
    references, scores,
};

/// The effects of a merge and of its undoing: the winner is changed, and may get another assignee.
pub(super) type Merging = (Needs<LeadsUpdate>, May<LeadsAssign>, Shows<LeadsRead>);

/// The winner keeps what it has and gets what it lacks; the losers' ids go on to show the winner. A dry run shows the
/// same and changes nothing.
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
            let (winner, losers) = hold(tx, &asked, &visibility).await?;
            let (members, fields) = merged(&winner, &losers)?;
            let before = written(&winner)?;
            if asked.dry_run {
                let mut lead = shown(&winner, &members)?;
                let scored = scores::of_change(tx, &winner, &stored(members)?).await?;
                lead.score_breakdown = scored.breakdown().map(JsonText::from);
                (lead.score, lead.persona) = (scored.score, scored.persona);
                assigning::check_change(&winner, &lead, &caller)?;
                return Ok(Body::new(view(&caller, None, lead, fields)));
            }
            let at = Utc::now().trunc_subsecs(6);
            let moved_keys = store::absorb(tx, winner.id, &asked.losers, at).await?;
            let lead = leads::store::update(tx, &winner, &stored(members)?).await?;
            assigning::check_change(&winner, &lead, &caller)?;
            let merge = Merge {
                winner_id: winner.id,
                loser_ids: asked.losers.clone(),
                before: Value::Object(before),
                after: Value::Object(written(&lead)?),
                moved_keys,
                undone_at: None,
            };
            let merge_id = store::keep(tx, &merge, caller.user()).await?;
            let mut changes = Change::updated(LeadView::NAME, winner.id, &winner, &lead, LeadView::TRACKED);
            changes.extend(losers.iter().map(|loser| Change::deleted(LeadView::NAME, loser.id, loser)));
            changes.push(told::change(&merge, merge_id, told::MERGED));
            outbox::record(tx, SERVICE, changes).await?;
            Ok(Body::new(view(&caller, Some(merge_id), lead, fields)))
        })
        .await
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
            Ok(lead) => held.push(lead),
            Err(diesel::result::Error::NotFound) => return Err(references::unknown(&field)),
            Err(error) => return Err(error.into()),
        }
    }
    let (winners, mut losers): (Vec<LeadView>, Vec<LeadView>) =
        held.into_iter().partition(|lead| lead.id == asked.winner);
    losers.sort_by_key(|lead| asked.losers.iter().position(|id| *id == lead.id));
    let winner = winners.into_iter().next().ok_or_else(|| references::unknown("winner"))?;
    Ok((winner, losers))
}

/// The winner as it would look.
fn shown(winner: &LeadView, members: &serde_json::Map<String, Value>) -> Result<LeadView, Problem> {
    let mut lead = winner.clone();
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    let id = |name: &str| text(name).and_then(|text| text.parse().ok());
    let object = |name: &str| members.get(name).filter(|value| !value.is_null()).cloned().map(JsonText::from);
    (lead.first_name, lead.last_name) = (text("first_name"), text("last_name"));
    (lead.email, lead.phone) = (text("email"), text("phone"));
    (lead.company_name, lead.role_title) = (text("company_name"), text("role_title"));
    (lead.linkedin_url, lead.notes) = (text("linkedin_url"), text("notes"));
    (lead.account_id, lead.product_id) = (id("account_id"), id("product_id"));
    (lead.assigned_to, lead.currency) = (id("assigned_to"), text("currency"));
    lead.score = members.get("score").and_then(Value::as_f64);
    lead.persona = decoded(members, "persona")?;
    lead.estimated_value = decoded(members, "estimated_value")?;
    (lead.custom_fields, lead.consent, lead.utm) =
        (object("custom_fields"), object("consent"), object("utm"));
    Ok(lead)
}

fn decoded<T: serde::de::DeserializeOwned>(
    members: &serde_json::Map<String, Value>,
    name: &str,
) -> Result<Option<T>, Problem> {
    serde_json::from_value(members.get(name).cloned().unwrap_or_default())
        .map_err(|error| Problem::internal(format!("{name} of a lead cannot be read: {error}")))
}
