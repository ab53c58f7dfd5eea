//! Changes of known leads: those of a wave are locked, written and read with one statement each.

use std::{collections::HashMap, fmt::Write};

use chrono::Utc;
use contracts::permissions::LeadsAssign;
use diesel::{
    ExpressionMethods, QueryDsl, SelectableHelper,
    sql_types::{Jsonb, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, Stored, TenantTx, json::JsonText, outbox::Change},
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
    identity,
    imports::rows::{self, RowLead},
    leads::{api::LeadView, arrivals, conversion, domain::LeadFields},
    merges, playbooks,
    schema::leads::dsl,
    scores,
};

/// A changed lead: its fields before and after, and the events.
pub struct Changed {
    /// Fields before.
    pub before: Value,
    /// And after.
    pub after: Value,
    /// What is told of it; nothing where it is as it was.
    pub changes: Vec<Change>,
}

/// A lead about to be written.
struct Draft {
    /// The row's place in the wave.
    index: usize,
    before: LeadView,
    old: Map<String, Value>,
    fields: LeadFields,
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
        Fate::Known { person, what, .. } if matches!(what, What::Fill | What::Update) => {
            Some((person.lead, *what))
        }
        _ => None,
    };
    let ids: Vec<Uuid> = fates.iter().filter_map(wanted).map(|(lead, _)| lead).collect();
    let (mut done, mut drafts) = (HashMap::new(), Vec::new());
    if ids.is_empty() {
        return Ok(done);
    }
    let mut locked = lock(tx, work, ids).await?;
    for (index, (row, fate)) in rows.iter_mut().zip(fates).enumerate() {
        let (Some((id, what)), Ok(lead)) = (wanted(fate), &mut row.read) else { continue };
        let Some(before) = locked.remove(&id) else { continue };
        let old = merges::written(&before)?;
        let said = said(work, lead, &old, what);
        let mut new = old.clone();
        patch::merge_members(&mut new, &said);
        if new != old {
            drafts.push(Draft { index, before, old, fields: merges::stored(new)? });
        } else if what == What::Update {
            let same = Value::Object(old);
            done.insert(index, Changed { before: same.clone(), after: same, changes: Vec::new() });
        }
    }
    write(tx, drafts, &mut done).await?;
    Ok(done)
}

/// Locks leads that the import's starter sees, in the order in which all writers of several do.
async fn lock(
    tx: &mut TenantTx<'_>,
    work: &Work<'_>,
    mut ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, LeadView>, Stop> {
    let visibility = work.rights.visibility();
    ids.sort_unstable();
    let leads: Vec<LeadView> = dsl::leads
        .filter(dsl::id.eq_any(ids.as_slice()))
        .filter(dsl::deleted_at.is_null())
        .order(dsl::id)
        .select(LeadView::as_select())
        .for_update()
        .load(&mut **tx)
        .await?;
    let mut locked: HashMap<Uuid, LeadView> = leads.into_iter().map(|lead| (lead.id, lead)).collect();
    for id in ids.into_iter().filter(|id| !locked.contains_key(id)).collect::<Vec<_>>() {
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

/// What a row changes of a lead.
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

/// What fills empty fields, members of objects too. A withdrawal of consent is always among it.
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
    mut drafts: Vec<Draft>,
    done: &mut HashMap<usize, Changed>,
) -> Result<(), Stop> {
    // Where neither a model nor a product says how leads are scored, a lead is scored by hand or stays as it is.
    let is_judged = playbooks::known(tx.tenant()).is_none_or(|playbook| playbook.looks_at_accounts());
    let mut stored = Vec::with_capacity(drafts.len());
    for Draft { before, fields, .. } in &mut drafts {
        *fields = conversion::agreeing(Some(&*before), fields);
        let by_hand = fields.score != before.score || fields.persona != before.persona;
        let breakdown = if is_judged || by_hand {
            let scored = scores::of_change(tx, before, fields).await?;
            (fields.score, fields.persona) = (scored.score, scored.persona);
            scored.breakdown()
        } else {
            before.score_breakdown.as_ref().map(JsonText::value)
        };
        let mut row = serde_json::to_value(&*fields).map_err(|fault| Problem::internal(fault.to_string()))?;
        if let Value::Object(row) = &mut row {
            row.insert("id".to_owned(), json!(before.id));
            row.insert("score_breakdown".to_owned(), breakdown.unwrap_or_default());
        }
        stored.push(row);
    }
    update(tx, stored).await?;
    let ids: Vec<Uuid> = drafts.iter().map(|draft| draft.before.id).collect();
    let mut after = arrivals::read(tx, &ids).await?;
    for Draft { index, before, old, .. } in drafts {
        let lead = after.remove(&before.id).ok_or_else(|| Problem::internal("a written lead is gone"))?;
        let (had, has) = (before.keys(), lead.keys());
        let lost: Vec<_> = had.iter().filter(|key| !has.contains(key)).collect();
        identity::store::release(tx, lead.id, &lost).await?;
        let new: Vec<_> = has.iter().filter(|key| !had.contains(key)).cloned().collect();
        identity::store::claim(tx, lead.id, &new).await?;
        let changes = Change::updated(LeadView::NAME, lead.id, &before, &lead, LeadView::TRACKED);
        let (before, after) = (Value::Object(old), Value::Object(merges::written(&lead)?));
        done.insert(index, Changed { before, after, changes });
    }
    Ok(())
}

/// Writes rows of leads: objects with the columns that people write, and the id.
async fn update(tx: &mut TenantTx<'_>, rows: Vec<Value>) -> Result<(), Stop> {
    let Some(Value::Object(first)) = rows.first() else { return Ok(()) };
    let (mut columns, mut values) = (String::new(), String::new());
    for name in first.keys().filter(|name| *name != "id") {
        let comma = if columns.is_empty() { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(columns, "{comma}{name}");
        let _ = write!(values, "{comma}r.{name}");
    }
    let count = rows.len();
    let written = diesel::sql_query(format!(
        "UPDATE leads l SET ({columns}) = ({values}), version = l.version + 1, updated_at = $2 \
         FROM jsonb_populate_recordset(NULL::leads, $1) r WHERE l.tenant_id = $3 AND l.id = r.id"
    ))
    .bind::<Jsonb, _>(Value::Array(rows))
    .bind::<Timestamptz, _>(Utc::now())
    .bind::<SqlUuid, _>(tx.tenant().0)
    .cached()
    .execute(&mut **tx)
    .await?;
    if written == count { Ok(()) } else { Err(Problem::internal("a locked lead was not written").into()) }
}
