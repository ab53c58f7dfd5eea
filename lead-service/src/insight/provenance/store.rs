//! Provenance in the database.

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{Array, BigInt, Bool, Double, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use serde_json::Value;
use uuid::Uuid;

use super::domain::Standing;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    entity_id: Uuid,
    #[diesel(sql_type = Text)]
    field: String,
    #[diesel(sql_type = Jsonb)]
    value: Value,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    provider: Option<Value>,
    #[diesel(sql_type = Nullable<Double>)]
    confidence: Option<f64>,
    #[diesel(sql_type = Timestamptz)]
    observed_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    job_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Integer>)]
    step: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    cost: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    actor: Option<Value>,
    #[diesel(sql_type = Bool)]
    pinned: bool,
    #[diesel(sql_type = Nullable<Jsonb>)]
    previous: Option<Value>,
    #[diesel(sql_type = Jsonb)]
    candidates: Value,
}

impl From<Row> for (Uuid, Standing) {
    fn from(row: Row) -> Self {
        let candidates = match row.candidates {
            Value::Array(candidates) => candidates,
            _ => Vec::new(),
        };
        let standing = Standing {
            field: row.field,
            value: row.value,
            source: row.source,
            provider: row.provider,
            confidence: row.confidence,
            observed_at: row.observed_at,
            job_id: row.job_id,
            step: row.step,
            cost: row.cost,
            actor: row.actor,
            pinned: row.pinned,
            previous: row.previous,
            candidates,
        };
        (row.entity_id, standing)
    }
}

/// The kept part of these records.
pub async fn rows(tx: &mut TenantTx<'_>, entity: &str, ids: &[Uuid]) -> QueryResult<Vec<(Uuid, Standing)>> {
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT entity_id, field, value, source, provider, confidence, observed_at, job_id, step, cost::text AS cost, \
         actor, pinned, previous, candidates FROM record_provenance WHERE entity_type = $1 AND entity_id = ANY($2)",
    )
    .bind::<Text, _>(entity)
    .bind::<Array<SqlUuid>, _>(ids)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Keeps where a value came from.
pub async fn keep(tx: &mut TenantTx<'_>, entity: &str, id: Uuid, standing: &Standing) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO record_provenance AS p (tenant_id, entity_type, entity_id, field, value, source, provider, confidence, \
         observed_at, job_id, step, cost, actor, pinned, previous, candidates) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::numeric, $13, $14, $15, $16) \
         ON CONFLICT (tenant_id, entity_type, entity_id, field) DO UPDATE SET value = excluded.value, \
         source = excluded.source, provider = excluded.provider, confidence = excluded.confidence, \
         observed_at = excluded.observed_at, job_id = excluded.job_id, step = excluded.step, cost = excluded.cost, \
         actor = excluded.actor, pinned = excluded.pinned, previous = excluded.previous, \
         candidates = excluded.candidates, updated_at = now()",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Text, _>(entity)
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(&standing.field)
    .bind::<Jsonb, _>(&standing.value)
    .bind::<Text, _>(&standing.source)
    .bind::<Nullable<Jsonb>, _>(&standing.provider)
    .bind::<Nullable<Double>, _>(standing.confidence)
    .bind::<Timestamptz, _>(standing.observed_at)
    .bind::<Nullable<SqlUuid>, _>(standing.job_id)
    .bind::<Nullable<Integer>, _>(standing.step)
    .bind::<Nullable<Text>, _>(&standing.cost)
    .bind::<Nullable<Jsonb>, _>(&standing.actor)
    .bind::<Bool, _>(standing.pinned)
    .bind::<Nullable<Jsonb>, _>(&standing.previous)
    .bind::<Jsonb, _>(Value::Array(standing.candidates.clone()))
    .cached()
    .execute(&mut **tx)
    .await
}

/// Removes what is kept of a field.
pub async fn drop_field(tx: &mut TenantTx<'_>, entity: &str, id: Uuid, field: &str) -> QueryResult<usize> {
    diesel::sql_query(
        "DELETE FROM record_provenance WHERE entity_type = $1 AND entity_id = $2 AND field = $3",
    )
    .bind::<Text, _>(entity)
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(field)
    .cached()
    .execute(&mut **tx)
    .await
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Jsonb)]
    answer: Value,
}

/// The values that a job wrote already.
pub async fn filled(tx: &mut TenantTx<'_>, job: Uuid, id: Uuid) -> QueryResult<Option<Value>> {
    let found: Option<Answer> =
        diesel::sql_query("SELECT answer FROM record_fills WHERE job_id = $1 AND entity_id = $2")
            .bind::<SqlUuid, _>(job)
            .bind::<SqlUuid, _>(id)
            .cached()
            .get_result(&mut **tx)
            .await
            .optional()?;
    Ok(found.map(|found| found.answer))
}

/// Keeps what a job wrote.
pub async fn keep_fill(tx: &mut TenantTx<'_>, job: Uuid, id: Uuid, answer: &Value) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO record_fills (tenant_id, job_id, entity_id, answer) VALUES ($1, $2, $3, $4)",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(job)
    .bind::<SqlUuid, _>(id)
    .bind::<Jsonb, _>(answer)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Takes down that a record was enriched, and which job filled which fields.
pub async fn touch(tx: &mut TenantTx<'_>, entity: &str, id: Uuid, sources: &Value) -> QueryResult<usize> {
    let sql = if entity == "account" {
        "UPDATE accounts SET last_enriched_at = now(), \
         enrichment_sources = coalesce(enrichment_sources, '{}') || $2 WHERE id = $1"
    } else {
        "UPDATE leads SET last_enriched_at = now() WHERE id = $1 AND $2 IS NOT NULL"
    };
    diesel::sql_query(sql).bind::<SqlUuid, _>(id).bind::<Jsonb, _>(sources).cached().execute(&mut **tx).await
}

/// Writes what an account did lately.
pub async fn set_recent_events(tx: &mut TenantTx<'_>, id: Uuid, events: &Value) -> QueryResult<usize> {
    diesel::sql_query("UPDATE accounts SET recent_events = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .bind::<Jsonb, _>(events)
        .cached()
        .execute(&mut **tx)
        .await
}

/// Writes what enrichment found about a lead.
pub async fn set_findings(tx: &mut TenantTx<'_>, id: Uuid, findings: &Value) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE leads SET enrichment_data = $2, last_enriched_at = now(), version = version + 1, updated_at = now() \
         WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Jsonb, _>(findings)
    .cached()
    .execute(&mut **tx)
    .await
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Leads that a job has suggested.
pub async fn suggested(tx: &mut TenantTx<'_>, job: Uuid) -> QueryResult<i64> {
    let found: Number = diesel::sql_query(
        "SELECT count(*) AS number FROM leads \
         WHERE enrichment_data ? 'evaluation' AND (enrichment_data -> 'evaluation') ->> 'job_id' = $1",
    )
    .bind::<Text, _>(job.to_string())
    .cached()
    .get_result(&mut **tx)
    .await?;
    Ok(found.number)
}

#[derive(QueryableByName)]
struct ActivityRow {
    #[diesel(sql_type = Jsonb)]
    activity: Value,
}

/// The last activities of a record.
pub async fn activities(tx: &mut TenantTx<'_>, entity: &str, id: Uuid) -> QueryResult<Vec<Value>> {
    let column = if entity == "account" { "account_id" } else { "lead_id" };
    let rows: Vec<ActivityRow> = diesel::sql_query(format!(
        "SELECT jsonb_build_object('type', activity_type, 'subject', subject, 'at', created_at) AS activity \
         FROM activities WHERE {column} = $1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 50"
    ))
    .bind::<SqlUuid, _>(id)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.activity).collect())
}
