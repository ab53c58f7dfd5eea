//! Changes of known leads: those of a wave are locked, written and read with one statement each.

use std::collections::HashMap;

use contracts::permissions::LeadsAssign;
use platform::{
    Problem,
    db::{Stored, TenantTx, json::JsonText, outbox::Change},
    http::patch,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    Stop,
    prepared::Prepared,
    resolve::{Fate, What},
    write::Work,
};
use crate::{
    entities::Entity,
    identity::{self, IdentityKey},
    imports::rows::{self, RowLead},
    lead_management::{self, Amendment},
    people::{self, LeadFields, LeadView},
    routing,
};

/// The source of a lead's reference, among its fields before and after.
pub const SOURCE: &str = "source_key";

/// A changed lead: its fields before and after, and the events.
pub struct Changed {
    /// Fields before.
    pub before: Value,
    /// And after.
    pub after: Value,
    /// Its events; none where it is as it was.
    pub changes: Vec<Change>,
}

/// A lead about to be written.
struct Draft {
    /// The row's place in the wave.
    index: usize,
    before: LeadView,
    old: Map<String, Value>,
    fields: LeadFields,
    /// The reference, where it becomes the lead's own.
    reference: Option<IdentityKey>,
}

/// Changes the known leads of a wave, in which each has one row. Gives what changed, by the row's place; a row is missing
/// where nothing is to be changed, or its lead is out of reach.
pub async fn change(
    tx: &mut TenantTx<'_>,
    work: &Work<'_>,
    rows: &mut [Prepared],
    fates: &[Fate],
) -> Result<HashMap<usize, Changed>, Stop> {
    let wanted = |fate: &Fate| match fate {
        Fate::Known { person, what, is_held, .. } if matches!(what, What::Fill | What::Update) => {
            Some((person.lead, *what, *is_held))
        }
        _ => None,
    };
    let ids: Vec<Uuid> = fates.iter().filter_map(wanted).map(|(lead, ..)| lead).collect();
    let (mut done, mut drafts) = (HashMap::new(), Vec::new());
    if ids.is_empty() {
        return Ok(done);
    }
    let mut locked = lock(tx, work, ids).await?;
    for (index, (row, fate)) in rows.iter_mut().zip(fates).enumerate() {
        let (Some((id, what, is_held)), Ok(lead)) = (wanted(fate), &mut row.read) else { continue };
        let Some(before) = locked.remove(&id) else { continue };
        let old = people::written_members(&before)?;
        let mut said = said(work, lead, &old, what);
        let is_of_other = before.source_key != work.source.as_str();
        if before.lead_reference_id.is_some() && (is_of_other || is_held || what == What::Fill) {
            // A lead's own reference stays; it is found by this one, too.
            said.remove("lead_reference_id");
            if !is_held {
                attach(tx, before.id, lead).await?;
            }
        }
        let mut new = old.clone();
        patch::merge_members(&mut new, &said);
        if new != old {
            let is_own = new.get("lead_reference_id") != old.get("lead_reference_id");
            let reference = lead.reference.clone().filter(|_| is_own);
            drafts.push(Draft { index, before, old, fields: people::stored_fields(new)?, reference });
        } else if what == What::Update {
            let same = Value::Object(old);
            done.insert(index, Changed { before: same.clone(), after: same, changes: Vec::new() });
        }
    }
    write(tx, work, drafts, &mut done).await?;
    Ok(done)
}

/// Locks leads that the import's starter sees.
async fn lock(
    tx: &mut TenantTx<'_>,
    work: &Work<'_>,
    mut ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, LeadView>, Stop> {
    let visibility = work.rights.visibility();
    ids.sort_unstable();
    let mut locked = lead_management::lock_leads(tx, &ids).await?;
    for id in ids {
        if locked.contains_key(&id) {
            continue;
        }
        // It was deleted, or merged into another one, since it was looked up.
        match LeadView::lock(tx, id, visibility).await {
            Ok(lead) => drop(locked.insert(id, lead)),
            Err(diesel::result::Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    locked.retain(|_, lead| visibility.covers(&[lead.assigned_to, lead.created_by]));
    Ok(locked)
}

/// Lets a lead be found by a row's reference.
pub async fn attach(tx: &mut TenantTx<'_>, id: Uuid, lead: &RowLead) -> Result<(), Stop> {
    if let Some(reference) = &lead.reference {
        identity::claim(tx, id, std::slice::from_ref(reference)).await?;
    }
    Ok(())
}

/// The members of a lead that a row changes.
fn said(work: &Work<'_>, lead: &mut RowLead, old: &Map<String, Value>, what: What) -> Map<String, Value> {
    let mut said = lead.members.clone();
    said.remove("source");
    if let Some(Value::Object(consent)) = said.remove("consent") {
        said.extend(rows::over(old.get("consent"), consent).map(|consent| ("consent".to_owned(), consent)));
    }
    if what == What::Fill {
        said = blanks(old, said);
    }
    if said.get("assigned_to").is_some_and(|owner| Some(owner) != old.get("assigned_to"))
        && !work.rights.holds::<LeadsAssign>()
    {
        lead.drop_field("assigned_to", "permission_denied", "takes the permission leads:assign");
        said.remove("assigned_to");
    }
    said
}

/// Members that fill empty fields, those of objects too. A withdrawal of consent is always among them.
fn blanks(old: &Map<String, Value>, said: Map<String, Value>) -> Map<String, Value> {
    let is_blank = |value: Option<&Value>| {
        value.is_none_or(|value| value.is_null() || *value == json!("") || *value == json!({}))
    };
    said.into_iter()
        .filter_map(|(name, value)| match (old.get(&name), value) {
            (known, value) if is_blank(known) => Some((name, value)),
            (Some(Value::Object(known)), Value::Object(members)) => {
                let new: Map<String, Value> = if name == "consent" {
                    rows::filling(known, members)
                } else {
                    members.into_iter().filter(|(name, _)| is_blank(known.get(name))).collect()
                };
                (!new.is_empty()).then_some((name, Value::Object(new)))
            }
            _ => None,
        })
        .collect()
}

/// Writes leads with their scores and keys.
async fn write(
    tx: &mut TenantTx<'_>,
    work: &Work<'_>,
    drafts: Vec<Draft>,
    done: &mut HashMap<usize, Changed>,
) -> Result<(), Stop> {
    // Where neither a model nor a product says how leads are scored, a lead is scored by hand or stays as it is.
    let is_judged = routing::known_playbook(tx.tenant()).is_none_or(|playbook| playbook.looks_at_accounts());
    let mut amendments = Vec::with_capacity(drafts.len());
    for Draft { before, fields, reference, .. } in &drafts {
        let mut fields = people::agreeing_with_conversion(Some(before), fields);
        let by_hand = fields.score != before.score || fields.persona != before.persona;
        let score_breakdown = if is_judged || by_hand {
            let scored = routing::score_of_change(tx, before, &fields).await?;
            (fields.score, fields.persona) = (scored.score, scored.persona);
            scored.breakdown()
        } else {
            before.score_breakdown.as_ref().map(JsonText::value)
        };
        let source_key = match reference {
            Some(_) => work.source.as_str().to_owned(),
            None => before.source_key.clone(),
        };
        let swaps_reference = reference.is_some() && !work.source.is_api() && before.source_key == source_key;
        amendments.push(Amendment { id: before.id, fields, score_breakdown, source_key, swaps_reference });
    }
    let mut after = lead_management::amend_leads(tx, &amendments).await?;
    for Draft { index, before, mut old, reference, .. } in drafts {
        let lead = after.remove(&before.id).ok_or_else(|| Problem::internal("a written lead is gone"))?;
        let (had, has) = (before.keys(), lead.keys());
        let lost: Vec<_> = had.iter().filter(|key| !has.contains(key)).collect();
        identity::release(tx, lead.id, &lost).await?;
        let new: Vec<_> = has.iter().filter(|key| !had.contains(key)).cloned().collect();
        identity::claim(tx, lead.id, &new).await?;
        let changes = Change::updated(LeadView::NAME, lead.id, &before, &lead, LeadView::TRACKED);
        let mut after = people::written_members(&lead)?;
        if reference.is_some() {
            // For when it is taken back.
            old.insert(SOURCE.to_owned(), json!(before.source_key));
            after.insert(SOURCE.to_owned(), json!(lead.source_key));
        }
        done.insert(index, Changed { before: Value::Object(old), after: Value::Object(after), changes });
    }
    Ok(())
}
