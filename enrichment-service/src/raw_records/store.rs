//! Raw answers in the database.

use diesel::{ExpressionMethods, QueryResult};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use crate::{jobs::domain::TakenJob, providers::RawAnswer, schema::raw_records::dsl};

/// Keeps an answer.
pub async fn append(
    tx: &mut TenantTx<'_>,
    job: &TakenJob,
    provider: &str,
    answer: &RawAnswer,
) -> QueryResult<usize> {
    diesel::insert_into(dsl::raw_records)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(job.tenant.0),
            dsl::job_id.eq(job.id),
            dsl::provider.eq(provider),
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
