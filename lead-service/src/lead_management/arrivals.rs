//! Leads that come in many at once, from a file, and known ones that it changes: written with a few statements, however many
//! they are.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, SelectableHelper,
    sql_types::{Array, Jsonb, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    identity::{IdentityKey, SourceKey},
    people::{self, LeadFields, LeadView},
    routing::{Newcomer, Placing},
    schema::leads::dsl,
};

/// Code of the problem that another writer stored the same person at the same moment. Nothing was stored: try again.
const RACED: &str = "raced";

/// A lead about to be written.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Its id.
    pub id: Uuid,
    /// Its fields.
    pub fields: LeadFields,
    /// Cells that fed no field.
    pub raw: Option<Value>,
    /// The time at which the person sent it.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Whether a form was only tried out.
    pub is_test: bool,
    /// Keys without an active holder.
    pub keys: Vec<IdentityKey>,
    /// The source of its reference.
    pub source: SourceKey,
}

/// A known lead about to be changed.
#[derive(Clone, Debug)]
pub struct Amendment {
    /// Its id.
    pub id: Uuid,
    /// Its fields, scored.
    pub fields: LeadFields,
    /// The parts of its score.
    pub score_breakdown: Option<Value>,
    /// The source of its reference.
    pub source_key: String,
    /// Whether it gets another reference of a source that is not shared and that its present one is from.
    pub swaps_reference: bool,
}

/// Whether nothing was stored because another writer stored the same person at the same moment.
pub fn is_raced(problem: &Problem) -> bool {
    let deadlock = || problem.cause.as_ref().is_some_and(|cause| cause.contains("deadlock detected"));
    problem.code == RACED || deadlock()
}

/// Adds them, scored and assigned by the rules unless they have an assignee, with their keys. The placing was begun before the
/// keys were looked up: a holder of keys never waits for the playbook, to prevent deadlocks.
///
/// # Errors
/// One that [`is_raced`] when another lead has a key by now.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    placing: &mut Placing,
    arrivals: &[Arrival],
    by: UserId,
) -> Result<Vec<LeadView>, Problem> {
    if arrivals.is_empty() {
        return Ok(Vec::new());
    }
    let states: Vec<Value> = arrivals
        .iter()
        .map(|arrival| written(&people::agreeing_with_conversion(None, &arrival.fields)).map(Value::Object))
        .collect::<Result<_, _>>()?;
    let newcomers = arrivals.iter().zip(&states).map(|(arrival, lead)| Newcomer { id: arrival.id, lead });
    let placed = placing.place(tx, &newcomers.collect::<Vec<_>>()).await?;
    if placed.len() != arrivals.len() {
        return Err(Problem::internal("a lead was not placed"));
    }
    claim(tx, arrivals).await?;
    let mut rows = Vec::with_capacity(arrivals.len());
    for ((arrival, mut row), placed) in arrivals.iter().zip(states).zip(placed) {
        if let Value::Object(row) = &mut row {
            let decided = [
                ("id", json!(arrival.id)),
                ("created_by", json!(by.0)),
                ("score", json!(placed.scored.score)),
                ("persona", json!(placed.scored.persona)),
                ("score_breakdown", placed.scored.breakdown().unwrap_or_default()),
                ("assigned_to", json!(placed.assigned_to)),
                ("raw_payload", json!(arrival.raw)),
                ("submitted_at", json!(arrival.submitted_at)),
                ("is_test", json!(arrival.is_test)),
                ("source_key", json!(arrival.source.as_str())),
            ];
            row.extend(decided.map(|(name, value)| (name.to_owned(), value)));
        }
        rows.push(row);
    }
    let (columns, values) = columns(&rows);
    diesel::sql_query(format!(
        "INSERT INTO leads (tenant_id, id, {columns}) SELECT $2, r.id, {values} FROM jsonb_populate_recordset(NULL::leads, $1) r"
    ))
    .bind::<Jsonb, _>(Value::Array(rows))
    .bind::<SqlUuid, _>(tx.tenant().0)
    .cached()
    .execute(&mut **tx)
    .await?;
    let ids: Vec<Uuid> = arrivals.iter().map(|arrival| arrival.id).collect();
    let mut leads = read(tx, &ids).await?;
    ids.iter().map(|id| leads.remove(id).ok_or_else(|| Problem::internal("a lead was not written"))).collect()
}

/// Changes known leads, which are locked. Gives them as they are then.
///
/// # Errors
/// 409 where another lead has a reference by now.
pub async fn update(
    tx: &mut TenantTx<'_>,
    amendments: &[Amendment],
) -> Result<HashMap<Uuid, LeadView>, Problem> {
    if amendments.is_empty() {
        return Ok(HashMap::new());
    }
    let swapped: Vec<Uuid> =
        amendments.iter().filter(|lead| lead.swaps_reference).map(|lead| lead.id).collect();
    if !swapped.is_empty() {
        leave_source(tx, &swapped).await?;
    }
    let mut rows = Vec::with_capacity(amendments.len());
    for lead in amendments {
        let mut row = written(&lead.fields)?;
        row.insert("id".to_owned(), json!(lead.id));
        row.insert("score_breakdown".to_owned(), json!(lead.score_breakdown));
        row.insert("source_key".to_owned(), json!(lead.source_key));
        rows.push(Value::Object(row));
    }
    let (columns, values) = columns(&rows);
    let written = diesel::sql_query(format!(
        "UPDATE leads l SET ({columns}, version, updated_at) = ({values}, l.version + 1, $2) \
         FROM jsonb_populate_recordset(NULL::leads, $1) r WHERE l.tenant_id = $3 AND l.id = r.id"
    ))
    .bind::<Jsonb, _>(Value::Array(rows))
    .bind::<Timestamptz, _>(Utc::now())
    .bind::<SqlUuid, _>(tx.tenant().0)
    .cached()
    .execute(&mut **tx)
    .await?;
    if written != amendments.len() {
        return Err(Problem::internal("a locked lead was not written"));
    }
    let ids: Vec<Uuid> = amendments.iter().map(|lead| lead.id).collect();
    Ok(read(tx, &ids).await?)
}

/// Takes leads out of the sources of their references, which are about to change: one that changes and keeps its source is
/// taken for one that a person wrote.
async fn leave_source(tx: &mut TenantTx<'_>, leads: &[Uuid]) -> QueryResult<usize> {
    diesel::sql_query("UPDATE leads SET source_key = '~' || id WHERE tenant_id = $1 AND id = ANY($2)")
        .bind::<SqlUuid, _>(tx.tenant().0)
        .bind::<Array<SqlUuid>, _>(leads)
        .cached()
        .execute(&mut **tx)
        .await
}

/// Writes a lead's reference with the source that it is from.
///
/// # Errors
/// A violated unique index where another lead has it.
pub async fn set_reference(
    tx: &mut TenantTx<'_>,
    lead: Uuid,
    reference: &str,
    source: &str,
) -> QueryResult<usize> {
    leave_source(tx, &[lead]).await?;
    diesel::sql_query(
        "UPDATE leads SET lead_reference_id = $3, source_key = $4 WHERE tenant_id = $1 AND id = $2",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(lead)
    .bind::<Text, _>(reference)
    .bind::<Text, _>(source)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Fields by the names of their columns.
fn written(fields: &impl Serialize) -> Result<Map<String, Value>, Problem> {
    match serde_json::to_value(fields) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Problem::internal("a lead's fields are no object")),
        Err(fault) => Err(Problem::internal(fault.to_string())),
    }
}

/// The columns that rows have beside their id, all of them the same, and these of a row `r`.
fn columns(rows: &[Value]) -> (String, String) {
    let names = rows.first().and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let names: Vec<&str> = names.map(String::as_str).filter(|name| *name != "id").collect();
    let values: Vec<String> = names.iter().map(|name| format!("r.{name}")).collect();
    (names.join(", "), values.join(", "))
}

/// Locks leads that are there, in the order in which all writers of several do.
pub async fn lock(tx: &mut TenantTx<'_>, ids: &[Uuid]) -> QueryResult<HashMap<Uuid, LeadView>> {
    let leads: Vec<LeadView> = dsl::leads
        .filter(dsl::id.eq_any(ids))
        .filter(dsl::deleted_at.is_null())
        .order(dsl::id)
        .select(LeadView::as_select())
        .for_update()
        .load(&mut **tx)
        .await?;
    Ok(leads.into_iter().map(|lead| (lead.id, lead)).collect())
}

/// Known leads as they are now.
pub async fn read(tx: &mut TenantTx<'_>, ids: &[Uuid]) -> QueryResult<HashMap<Uuid, LeadView>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let leads: Vec<LeadView> =
        dsl::leads.filter(dsl::id.eq_any(ids)).select(LeadView::as_select()).load(&mut **tx).await?;
    Ok(leads.into_iter().map(|lead| (lead.id, lead)).collect())
}

/// Gives the leads their keys, in the order in which all writers take them.
async fn claim(tx: &mut TenantTx<'_>, arrivals: &[Arrival]) -> Result<(), Problem> {
    let mut claims: Vec<(&IdentityKey, Uuid)> =
        arrivals.iter().flat_map(|arrival| arrival.keys.iter().map(|key| (key, arrival.id))).collect();
    if claims.is_empty() {
        return Ok(());
    }
    claims.sort_unstable();
    let held = take(tx, &claims).await?;
    if held == claims.len() {
        return Ok(());
    }
    Err(Problem { code: RACED, ..Problem::unavailable("the same person was stored meanwhile") })
}

/// Takes free keys, and those of deleted leads. Returns how many of them the leads hold then.
async fn take(tx: &mut TenantTx<'_>, claims: &[(&IdentityKey, Uuid)]) -> QueryResult<usize> {
    let kinds: Vec<&str> = claims.iter().map(|(key, _)| key.kind.word()).collect();
    let values: Vec<&str> = claims.iter().map(|(key, _)| key.value.as_str()).collect();
    let leads: Vec<Uuid> = claims.iter().map(|(_, lead)| *lead).collect();
    let new = diesel::sql_query(
        "INSERT INTO identity_keys (tenant_id, kind, value, lead_id) \
         SELECT $1, k.kind, k.value, k.lead FROM unnest($2, $3, $4) WITH ORDINALITY AS k(kind, value, lead, place) \
         ORDER BY k.place ON CONFLICT (tenant_id, kind, value) DO NOTHING",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<Text>, _>(&kinds)
    .bind::<Array<Text>, _>(&values)
    .bind::<Array<SqlUuid>, _>(&leads)
    .cached()
    .execute(&mut **tx)
    .await?;
    if new == claims.len() {
        return Ok(new);
    }
    // A statement of its own sees what was committed while the first one waited.
    diesel::sql_query(
        "UPDATE identity_keys k SET lead_id = asked.lead FROM unnest($2, $3, $4) AS asked(kind, value, lead) \
         WHERE k.tenant_id = $1 AND k.kind = asked.kind AND k.value = asked.value AND (k.lead_id = asked.lead \
         OR NOT EXISTS (SELECT 1 FROM leads l WHERE l.id = k.lead_id AND l.deleted_at IS NULL))",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Text>, _>(values)
    .bind::<Array<SqlUuid>, _>(leads)
    .cached()
    .execute(&mut **tx)
    .await
}
