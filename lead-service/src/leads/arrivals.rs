//! Leads that come in many at once, from a file: written with a few statements, however many they are.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, SelectableHelper,
    sql_types::{Array, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
};
use serde_json::Value;
use uuid::Uuid;

use super::{api::LeadView, conversion, domain::LeadFields};
use crate::{
    assignments::{Newcomer, Placing},
    identity::IdentityKey,
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
    /// What fed no field.
    pub raw: Option<Value>,
    /// When the person sent it.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Whether a form was only tried out.
    pub is_test: bool,
    /// Keys without an active holder.
    pub keys: Vec<IdentityKey>,
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
    let mut fields: Vec<LeadFields> =
        arrivals.iter().map(|arrival| conversion::agreeing(None, &arrival.fields)).collect();
    let states: Vec<Value> = fields
        .iter()
        .map(|fields| serde_json::to_value(fields).map_err(|fault| Problem::internal(fault.to_string())))
        .collect::<Result<_, _>>()?;
    let newcomers = arrivals.iter().zip(&states).map(|(arrival, lead)| Newcomer { id: arrival.id, lead });
    let placed = placing.place(tx, &newcomers.collect::<Vec<_>>()).await?;
    if placed.len() != arrivals.len() {
        return Err(Problem::internal("a lead was not placed"));
    }
    for (fields, placed) in fields.iter_mut().zip(&placed) {
        (fields.score, fields.persona) = (placed.scored.score, placed.scored.persona);
        fields.assigned_to = placed.assigned_to;
    }
    claim(tx, arrivals).await?;
    let rows: Vec<_> = arrivals
        .iter()
        .zip(&fields)
        .zip(&placed)
        .map(|((arrival, fields), placed)| {
            (
                dsl::id.eq(arrival.id),
                dsl::tenant_id.eq(tx.tenant().0),
                dsl::created_by.eq(by.0),
                dsl::score_breakdown.eq(placed.scored.breakdown()),
                dsl::raw_payload.eq(&arrival.raw),
                dsl::submitted_at.eq(arrival.submitted_at),
                dsl::is_test.eq(arrival.is_test),
                fields,
            )
        })
        .collect();
    let leads: Vec<LeadView> = diesel::insert_into(dsl::leads)
        .values(rows)
        .returning(LeadView::as_returning())
        .get_results(&mut **tx)
        .await?;
    Ok(leads)
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
