//! Jobs on their way to enrichment-service, in the database.

use chrono::{DateTime, Utc};
use contracts::{
    TenantId, UserId,
    internal::enrichments::{EnrichmentType, JobSubject, StartJob, StartedJob},
};
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{BigInt, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, SystemTx, TenantTx},
    http::context::RequestContext,
};
use serde_json::Value;
use uuid::Uuid;

/// Adds one.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    job: &StartedJob,
    subject: (JobSubject, Uuid),
    input: &Value,
    by: UserId,
    request: &RequestContext,
) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO enrichment_handoffs (job_id, tenant_id, kind, subject_type, subject_id, input, started_by, \
         request_id, traceparent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind::<SqlUuid, _>(job.job_id)
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Text, _>(job.kind.name())
    .bind::<Text, _>(subject.0.name())
    .bind::<SqlUuid, _>(subject.1)
    .bind::<Jsonb, _>(input)
    .bind::<SqlUuid, _>(by.0)
    .bind::<Text, _>(&request.request_id)
    .bind::<Text, _>(request.trace.header())
    .cached()
    .execute(&mut **tx)
    .await
}

#[derive(QueryableByName)]
struct HandoffRow {
    #[diesel(sql_type = SqlUuid)]
    job_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    subject_type: String,
    #[diesel(sql_type = SqlUuid)]
    subject_id: Uuid,
    #[diesel(sql_type = Jsonb)]
    input: Value,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    started_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    request_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    traceparent: Option<String>,
    #[diesel(sql_type = Integer)]
    attempts: i32,
}

/// Takes due ones until `until`, with the how manieth attempt each is. Those of a tenant that is not active wait for it.
pub async fn take(
    tx: &mut SystemTx<'_>,
    most: i64,
    until: DateTime<Utc>,
) -> Result<Vec<(StartJob, i32)>, Problem> {
    let rows: Vec<HandoffRow> = diesel::sql_query(
        "UPDATE enrichment_handoffs SET attempts = attempts + 1, next_attempt_at = $1 WHERE job_id IN \
         (SELECT h.job_id FROM enrichment_handoffs h WHERE h.next_attempt_at <= now() \
         AND NOT EXISTS (SELECT FROM tenant_states s WHERE s.tenant_id = h.tenant_id AND s.status <> 'active') \
         ORDER BY h.next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED) \
         RETURNING job_id, tenant_id, kind, subject_type, subject_id, input, started_by, request_id, traceparent, attempts",
    )
    .bind::<Timestamptz, _>(until)
    .bind::<BigInt, _>(most)
    .cached()
    .load(&mut **tx)
    .await?;
    rows.into_iter().map(HandoffRow::into_call).collect()
}

impl HandoffRow {
    fn into_call(self) -> Result<(StartJob, i32), Problem> {
        let unknown = |what: &str| Problem::internal(format!("{what:?} is no word of a job's"));
        let kind = EnrichmentType::parse(&self.kind).ok_or_else(|| unknown(&self.kind))?;
        let subjects = [JobSubject::Account, JobSubject::Lead];
        let subject = subjects.into_iter().find(|subject| subject.name() == self.subject_type);
        let call = StartJob {
            tenant_id: TenantId(self.tenant_id),
            job: StartedJob { kind, job_id: self.job_id },
            subject: subject.ok_or_else(|| unknown(&self.subject_type))?,
            subject_id: self.subject_id,
            input: self.input,
            started_by: self.started_by.map(UserId),
            request_id: self.request_id,
            traceparent: self.traceparent,
        };
        Ok((call, self.attempts))
    }
}

/// Forgets one that was taken over.
pub async fn remove(tx: &mut SystemTx<'_>, job: Uuid) -> QueryResult<usize> {
    diesel::sql_query("DELETE FROM enrichment_handoffs WHERE job_id = $1")
        .bind::<SqlUuid, _>(job)
        .cached()
        .execute(&mut **tx)
        .await
}

/// Has one tried again at `at`.
pub async fn postpone(tx: &mut SystemTx<'_>, job: Uuid, at: DateTime<Utc>) -> QueryResult<usize> {
    diesel::sql_query("UPDATE enrichment_handoffs SET next_attempt_at = $2 WHERE job_id = $1")
        .bind::<SqlUuid, _>(job)
        .bind::<Timestamptz, _>(at)
        .cached()
        .execute(&mut **tx)
        .await
}
