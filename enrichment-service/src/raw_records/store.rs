//! Raw answers in the database.

use chrono::{DateTime, Utc};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::api::RawRecord;
use crate::{adapters::RawAnswer, asking::Purpose, providers::domain::Provider, schema::raw_records::dsl};

/// Keeps an answer.
pub async fn append(
    tx: &mut TenantTx<'_>,
    provider: &Provider,
    purpose: &Purpose,
    answer: &RawAnswer,
) -> QueryResult<usize> {
    diesel::insert_into(dsl::raw_records)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::job_id.eq(purpose.job_id),
            dsl::provider.eq(provider.kind.word()),
            dsl::provider_id.eq(provider.id),
            dsl::subject_id.eq(purpose.subject_id),
            dsl::source_url.eq(&answer.source_url),
            dsl::status.eq(i32::from(answer.status)),
            dsl::content_type.eq(&answer.content_type),
            dsl::body.eq(&answer.body),
            dsl::body_bytes.eq(i64::try_from(answer.body_bytes).unwrap_or(i64::MAX)),
            dsl::fetched_at.eq(answer.fetched_at),
        ))
        .execute(&mut **tx)
        .await
}

/// At most `limit` answers behind a place, oldest first.
pub async fn stretch(
    tx: &mut TenantTx<'_>,
    (since, after): (DateTime<Utc>, Uuid),
    until: DateTime<Utc>,
    provider: Option<&str>,
    limit: i64,
) -> QueryResult<Vec<RawRecord>> {
    let behind = dsl::fetched_at.gt(since).or(dsl::fetched_at.eq(since).and(dsl::id.gt(after)));
    let mut rows = dsl::raw_records
        .filter(dsl::fetched_at.ge(since).and(dsl::fetched_at.lt(until)))
        .filter(behind)
        .order((dsl::fetched_at, dsl::id))
        .limit(limit)
        .select(RawRecord::as_select())
        .into_boxed();
    if let Some(provider) = provider {
        rows = match provider.parse::<Uuid>() {
            Ok(id) => rows.filter(dsl::provider_id.eq(id)),
            Err(_) => rows.filter(dsl::provider.eq(provider.to_owned())),
        };
    }
    rows.load(&mut **tx).await
}
