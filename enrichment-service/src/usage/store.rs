//! Sums of the ledger.

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{BigInt, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use serde_json::Value;
use uuid::Uuid;

use super::api::{Group, Usage};
use crate::money::Amount;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<Jsonb>)]
    provider: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    day: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    column_id: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    calls: i64,
    #[diesel(sql_type = BigInt)]
    hits: i64,
    #[diesel(sql_type = BigInt)]
    misses: i64,
    #[diesel(sql_type = BigInt)]
    cached: i64,
    #[diesel(sql_type = BigInt)]
    failed: i64,
    #[diesel(sql_type = BigInt)]
    unsettled: i64,
    #[diesel(sql_type = BigInt)]
    tokens_in: i64,
    #[diesel(sql_type = BigInt)]
    tokens_out: i64,
    #[diesel(sql_type = Numeric)]
    cost: Amount,
}

/// Calls that began in a span, added up by group.
pub async fn sums(
    tx: &mut TenantTx<'_>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    groups: &[Group],
    zone: &str,
) -> QueryResult<Vec<Usage>> {
    let part = |group: Group, sql: &'static str, kind: &'static str| {
        if groups.contains(&group) { sql.to_owned() } else { format!("NULL::{kind}") }
    };
    let provider = "jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind)";
    let sql = format!(
        "SELECT provider, day, kind, column_id, \
         count(*) FILTER (WHERE outcome <> 'cached') AS calls, count(*) FILTER (WHERE outcome = 'hit') AS hits, \
         count(*) FILTER (WHERE outcome = 'miss') AS misses, count(*) FILTER (WHERE outcome = 'cached') AS cached, \
         count(*) FILTER (WHERE outcome = 'failed') AS failed, \
         count(*) FILTER (WHERE outcome IN ('under_way', 'lost')) AS unsettled, \
         coalesce(sum(tokens_in), 0)::bigint AS tokens_in, coalesce(sum(tokens_out), 0)::bigint AS tokens_out, \
         coalesce(sum(cost), 0) AS cost FROM (\
         SELECT {} AS provider, {} AS day, {} AS kind, {} AS column_id, c.outcome, c.tokens_in, c.tokens_out, c.cost \
         FROM enrichment_calls c JOIN enrichment_providers p ON p.id = c.provider_id \
         WHERE c.started_at >= $1 AND c.started_at < $2 AND $3 IS NOT NULL) calls \
         GROUP BY provider, day, kind, column_id ORDER BY day, provider ->> 'name', kind, column_id",
        part(Group::Provider, provider, "jsonb"),
        part(Group::Day, "to_char(c.started_at AT TIME ZONE $3, 'YYYY-MM-DD')", "text"),
        part(Group::Type, "c.enrichment_type", "text"),
        part(Group::Column, "c.column_id", "uuid"),
    );
    let rows: Vec<Row> = diesel::sql_query(sql)
        .bind::<Timestamptz, _>(from)
        .bind::<Timestamptz, _>(to)
        .bind::<Text, _>(zone)
        .cached()
        .load(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(Usage::from).collect())
}

impl From<Row> for Usage {
    fn from(row: Row) -> Self {
        Self {
            provider: row.provider,
            day: row.day,
            kind: row.kind,
            column_id: row.column_id,
            calls: row.calls,
            hits: row.hits,
            misses: row.misses,
            cached: row.cached,
            failed: row.failed,
            unsettled: row.unsettled,
            tokens_in: row.tokens_in,
            tokens_out: row.tokens_out,
            cost: row.cost,
        }
    }
}
