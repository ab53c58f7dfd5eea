//! Jobs on their way to enrichment-service, in the database.

use contracts::{
    TenantId, UserId,
    internal::enrichments::{EnrichmentType, JobSubject, StartJob, StartedJob},
};
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
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

/// A job to be handed over.
#[derive(QueryableByName)]
pub struct Handoff {
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
}

impl Handoff {
    /// The call that hands it over.
    ///
    /// # Errors
    /// 500 for a word that this version does not know.
    pub fn into_call(self, job_id: Uuid) -> Result<StartJob, Problem> {
        let unknown = |what: &str| Problem::internal(format!("{what:?} is no word of a job's"));
        let kind = EnrichmentType::parse(&self.kind).ok_or_else(|| unknown(&self.kind))?;
        let subjects = [JobSubject::Account, JobSubject::Lead];
        let subject = subjects.into_iter().find(|subject| subject.name() == self.subject_type);
        Ok(StartJob {
            tenant_id: TenantId(self.tenant_id),
            job: StartedJob { kind, job_id },
            subject: subject.ok_or_else(|| unknown(&self.subject_type))?,
            subject_id: self.subject_id,
            input: self.input,
            started_by: self.started_by.map(UserId),
            request_id: self.request_id,
            traceparent: self.traceparent,
        })
    }
}
