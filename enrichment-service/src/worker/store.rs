//! Jobs in the database, as the worker sees them.
//!
//! An update names worker and attempt, so that a worker cannot finish a job that was taken over or cancelled meanwhile.

use chrono::{DateTime, Utc};
use contracts::{TenantId, internal::enrichments::EnrichmentType};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, QueryableByName,
    sql_types::{BigInt, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{
    Problem,
    db::{SystemTx, TenantTx},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    jobs::domain::{Status, TakenJob},
    providers::Failure,
    schema::jobs::dsl,
};

#[derive(QueryableByName)]
struct TakenRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
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
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Nullable<Text>)]
    request_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    traceparent: Option<String>,
}

/// Takes up to `most` due jobs until `until`, those first that have waited longest. Jobs of a tenant that is not active, or
/// without an admin with a proven address, wait, because they call addresses outside.
pub(super) async fn take(
    tx: &mut SystemTx<'_>,
    worker: &str,
    most: usize,
    until: DateTime<Utc>,
) -> Result<Vec<TakenJob>, Problem> {
    let rows: Vec<TakenRow> = diesel::sql_query(
        "UPDATE jobs SET status = 'in_progress', attempts = attempts + 1, leased_until = $1, worker = $2, \
         version = version + 1, updated_at = now() \
         WHERE id IN (SELECT id FROM jobs WHERE status IN ('pending', 'in_progress') AND next_attempt_at <= now() \
         AND (leased_until IS NULL OR leased_until <= now()) \
         AND NOT EXISTS (SELECT 1 FROM tenant_states s WHERE s.tenant_id = jobs.tenant_id \
         AND (s.status <> 'active' OR s.is_unproven)) \
         ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED) \
         RETURNING id, tenant_id, type AS kind, subject_type, subject_id, input, attempts, request_id, traceparent",
    )
    .bind::<Timestamptz, _>(until)
    .bind::<Text, _>(worker)
    .bind::<BigInt, _>(i64::try_from(most).unwrap_or(i64::MAX)).cached().load(&mut **tx)
    .await?;
    rows.into_iter().map(|row| row.into_job(worker)).collect()
}

impl TakenRow {
    fn into_job(self, worker: &str) -> Result<TakenJob, Problem> {
        let kind = EnrichmentType::parse(&self.kind)
            .ok_or_else(|| Problem::internal(format!("{:?} is no type of a job", self.kind)))?;
        Ok(TakenJob {
            id: self.id,
            tenant: TenantId(self.tenant_id),
            kind,
            subject_type: self.subject_type,
            subject_id: self.subject_id,
            input: self.input,
            attempt: self.attempts,
            worker: worker.to_owned(),
            request_id: self.request_id,
            traceparent: self.traceparent,
        })
    }
}

/// Gives back all that this worker has, as if it had never taken it.
pub(super) async fn hand_back(tx: &mut SystemTx<'_>, worker: &str) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE jobs SET attempts = attempts - 1, leased_until = NULL, worker = NULL, version = version + 1, \
         updated_at = now() WHERE worker = $1 AND status = 'in_progress' AND leased_until IS NOT NULL",
    )
    .bind::<Text, _>(worker)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Makes partitions for the coming months.
pub(super) async fn make_partitions(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    diesel::sql_query("SELECT in_every_schema('make_raw_records_partitions')")
        .cached()
        .execute(&mut **tx)
        .await
}

/// How a run ends.
pub(super) enum End<'a> {
    /// Done.
    Completed,
    /// Given up.
    Failed(&'a Failure),
    /// To be tried again.
    Postponed(&'a Failure, DateTime<Utc>),
}

/// Whether the run still has its job. Locks it.
pub(super) async fn has(tx: &mut TenantTx<'_>, job: &TakenJob) -> QueryResult<bool> {
    let found: Vec<Uuid> = dsl::jobs
        .filter(dsl::id.eq(job.id).and(dsl::worker.eq(&job.worker)).and(dsl::attempts.eq(job.attempt)))
        .filter(dsl::status.eq(Status::InProgress.name()))
        .select(dsl::id)
        .for_update()
        .load(&mut **tx)
        .await?;
    Ok(!found.is_empty())
}

/// Ends the run of a job that it still [`has`].
pub(super) async fn end(tx: &mut TenantTx<'_>, job: &TakenJob, end: &End<'_>) -> QueryResult<usize> {
    let now = Utc::now();
    let (status, error, next) = match end {
        End::Completed => (Status::Completed, None, None),
        End::Failed(failure) => (Status::Failed, Some(failure.details()), None),
        End::Postponed(failure, next) => (Status::InProgress, Some(failure.details()), Some(*next)),
    };
    diesel::update(dsl::jobs.filter(dsl::id.eq(job.id)))
        .set((
            dsl::status.eq(status.name()),
            dsl::last_error.eq(error),
            next.map(|next| dsl::next_attempt_at.eq(next)),
            dsl::leased_until.eq(None::<DateTime<Utc>>),
            dsl::worker.eq(None::<String>),
            dsl::finished_at.eq((status != Status::InProgress).then_some(now)),
            dsl::updated_at.eq(now),
            dsl::version.eq(dsl::version + 1),
        ))
        .execute(&mut **tx)
        .await
}
