//! Writes of enrichment: by its policy, never over what a person wrote, only what a person could write.

use chrono::Utc;
use contracts::{
    Service,
    events::Actor,
    internal::records::{FillRecord, FilledRecord, FoundValue, Refused, WritePolicy, Written},
};
use platform::{
    Problem,
    db::{
        TenantTx, Visibility,
        outbox::{self, Change},
    },
};
use serde_json::{Map, Value, json};

use super::{
    domain::{Standing, is_empty, standings},
    enriched::{self, Enriched},
    store,
};
use crate::insight::timelines;

/// The limits that the rest of a call is checked against.
struct Filling<'a> {
    call: &'a FillRecord,
    /// Whether the record is not as it was when the questions were asked.
    has_changed: bool,
}

/// Writes what was found. Asked again with the same job, it answers the same and writes nothing.
pub async fn fill<E: Enriched>(tx: &mut TenantTx<'_>, call: &FillRecord) -> Result<FilledRecord, Problem> {
    let before = E::lock(tx, call.id, &Visibility::All).await?;
    if let Some(done) = store::filled(tx, call.job_id, before.id()).await? {
        return serde_json::from_value(done).map_err(|error| Problem::internal(error.to_string()));
    }
    let mut known = enriched::members(&before)?;
    let fields: Vec<String> =
        call.found.iter().chain(&call.candidates).map(|value| value.field.clone()).collect();
    let mut names: Vec<&str> = fields.iter().map(String::as_str).collect();
    names.extend(E::FILLABLE);
    names.sort_unstable();
    names.dedup();
    let mut standing = of_record::<E>(tx, &before, &known, &names).await?;
    let filling =
        Filling { call, has_changed: call.expected_version.is_some_and(|seen| seen != before.version()) };
    let mut members = enriched::written(&before)?;
    let mut answer = FilledRecord::default();
    let mut kept = Vec::new();
    for value in &call.found {
        let decided = decide::<E>(tx, &before, &filling, &members, value, &standing).await?;
        match decided {
            Ok(after) => {
                let previous = known.get(&value.field).cloned().unwrap_or_default();
                members = after;
                kept.push(write_down(value, call, &standing, &previous));
                answer.written.push(Written {
                    field: value.field.clone(),
                    value: value.value.clone(),
                    previous,
                });
            }
            Err(reason) => {
                answer.refused.push(Refused { field: value.field.clone(), reason: reason.to_owned() });
                if !matches!(reason, "unknown_field" | "invalid") {
                    kept.push(beside(value, &standing, &known));
                }
            }
        }
    }
    for value in call.candidates.iter().filter(|value| E::FILLABLE.contains(&value.field.as_str())) {
        let stands = kept.iter().position(|standing: &Standing| standing.field == value.field);
        match stands.and_then(|place| kept.get_mut(place)) {
            Some(standing) => standing.add_candidate(candidate(value)),
            None => kept.push(beside(value, &standing, &known)),
        }
    }
    let recent =
        answer.written.iter().find(|written| written.field == "recent_events").map(|written| &written.value);
    if let Some(events) = recent.filter(|_| E::WORD == "account") {
        store::set_recent_events(tx, before.id(), events).await?;
    }
    store::touch(tx, E::WORD, before.id(), &sources(call, &answer)).await?;
    let after = if answer.written.is_empty() {
        E::find(tx, before.id(), &Visibility::All).await?
    } else {
        enriched::save(tx, &before, members, &Visibility::All).await?
    };
    let shown = enriched::members(&after)?;
    for row in &mut kept {
        // As it is stored, which may be another writing of it.
        row.value = shown.get(&row.field).cloned().unwrap_or_default();
        store::keep(tx, E::WORD, before.id(), row).await?;
    }
    for written in &mut answer.written {
        written.value = shown.get(&written.field).cloned().unwrap_or_default();
    }
    tell(tx, &before, &after, call).await?;
    known = shown;
    standing.retain(|known| !kept.iter().any(|row| row.field == known.field));
    standing.extend(kept);
    answer.standing = confidences(&standing, &known);
    let stored = serde_json::to_value(&answer).map_err(|error| Problem::internal(error.to_string()))?;
    store::keep_fill(tx, call.job_id, before.id(), &stored).await?;
    Ok(answer)
}

/// Where the values of a record came from.
pub async fn of_record<E: Enriched>(
    tx: &mut TenantTx<'_>,
    record: &E,
    known: &Map<String, Value>,
    fields: &[&str],
) -> Result<Vec<Standing>, Problem> {
    let rows = store::rows(tx, E::WORD, &[record.id()]).await?.into_iter().map(|(_, row)| row).collect();
    let events = timelines::store::events(tx, E::NAME, record.id()).await?;
    Ok(standings(known, fields, rows, &events))
}

/// The members with the value, or why it is not written.
async fn decide<E: Enriched>(
    tx: &mut TenantTx<'_>,
    before: &E,
    filling: &Filling<'_>,
    members: &Map<String, Value>,
    value: &FoundValue,
    standing: &[Standing],
) -> Result<Result<Map<String, Value>, &'static str>, Problem> {
    let field = value.field.as_str();
    let is_recent_events = E::WORD == "account" && field == "recent_events" && value.value.is_array();
    if !E::FILLABLE.contains(&field) && !is_recent_events {
        return Ok(Err("unknown_field"));
    }
    let stands = standing.iter().find(|standing| standing.field == field);
    let is_filled = stands.is_some_and(|standing| !is_empty(&standing.value));
    if stands.is_some_and(|standing| standing.pinned) {
        return Ok(Err("pinned"));
    }
    if let Some(stands) = stands.filter(|_| is_filled) {
        if filling.has_changed && filling.call.policy != WritePolicy::FillIfEmpty {
            return Ok(Err("changed"));
        }
        let takes = match filling.call.policy {
            WritePolicy::FillIfEmpty => false,
            WritePolicy::Always => true,
            WritePolicy::HigherConfidence => value.confidence > stands.confidence.unwrap_or(1.0),
            WritePolicy::SourceRank => (3, value.step) <= stands.rank(),
        };
        if !takes {
            return Ok(Err("kept"));
        }
    }
    if is_recent_events {
        return Ok(Ok(members.clone()));
    }
    match enriched::with_value::<E>(members, field, &value.value) {
        Ok((after, fields)) => {
            Ok(if before.is_taken(tx, &fields).await? { Err("known_elsewhere") } else { Ok(after) })
        }
        // A found value that would not be accepted from a person is no better than a form's.
        Err(_) => Ok(Err("invalid")),
    }
}

fn write_down(value: &FoundValue, call: &FillRecord, standing: &[Standing], previous: &Value) -> Standing {
    let stands = standing.iter().find(|standing| standing.field == value.field);
    Standing {
        field: value.field.clone(),
        value: value.value.clone(),
        source: "enrichment".to_owned(),
        provider: Some(value.provider.clone()),
        confidence: Some(value.confidence.clamp(0.0, 1.0)),
        observed_at: value.observed_at,
        job_id: Some(call.job_id),
        step: Some(value.step),
        cost: value.cost.clone(),
        actor: Some(json!(actor())),
        pinned: false,
        previous: stands.filter(|_| !is_empty(previous)).map(Standing::as_previous),
        candidates: stands.map(|stands| stands.candidates.clone()).unwrap_or_default(),
    }
}

fn actor() -> Actor {
    Actor::Service { name: Service::Enrichment }
}

fn candidate(value: &FoundValue) -> Value {
    json!({
        "value": value.value, "provider": value.provider, "confidence": value.confidence,
        "observed_at": value.observed_at, "step": value.step, "cost": value.cost,
    })
}

/// The present value, with this one beside.
fn beside(value: &FoundValue, standing: &[Standing], known: &Map<String, Value>) -> Standing {
    let stands = standing.iter().find(|standing| standing.field == value.field).cloned();
    let mut stands = stands.unwrap_or_else(|| Standing {
        field: value.field.clone(),
        value: known.get(&value.field).cloned().unwrap_or_default(),
        source: "enrichment".to_owned(),
        provider: None,
        confidence: None,
        observed_at: Utc::now(),
        job_id: None,
        step: None,
        cost: None,
        actor: None,
        pinned: false,
        previous: None,
        candidates: Vec::new(),
    });
    stands.add_candidate(candidate(value));
    stands
}

fn sources(call: &FillRecord, answer: &FilledRecord) -> Value {
    let kinds = call.found.iter().filter_map(|value| value.provider.get("kind").and_then(Value::as_str));
    let mut sources = Map::new();
    for kind in kinds {
        let is_of = |written: &&Written| {
            call.found
                .iter()
                .any(|value| value.field == written.field && value.provider.get("kind") == Some(&json!(kind)))
        };
        let names: Vec<&str> =
            answer.written.iter().filter(is_of).map(|written| written.field.as_str()).collect();
        sources.insert(kind.to_owned(), json!({ "job_id": call.job_id, "at": Utc::now(), "filled": names }));
    }
    Value::Object(sources)
}

async fn tell<E: Enriched>(
    tx: &mut TenantTx<'_>,
    before: &E,
    after: &E,
    call: &FillRecord,
) -> Result<(), Problem> {
    let mut changes = Change::updated(E::NAME, before.id(), before, after, E::TRACKED);
    for change in &mut changes {
        if let Some(Value::Object(state)) = &mut change.current_state {
            state.insert("enrichment_job_id".to_owned(), json!(call.job_id));
        }
    }
    outbox::record_as(tx, &actor(), changes).await
}

/// Confidence and age in days of each value that stands.
pub fn confidences(standing: &[Standing], known: &Map<String, Value>) -> Map<String, Value> {
    let stands =
        standing.iter().filter(|standing| known.get(&standing.field).is_some_and(|value| !is_empty(value)));
    stands
        .map(|standing| {
            let age = (Utc::now() - standing.observed_at).num_days().max(0);
            let confidence = standing.confidence.unwrap_or(1.0);
            (
                standing.field.clone(),
                json!({ "confidence": confidence, "age_days": age, "source": standing.source }),
            )
        })
        .collect()
}
