//! Enrichment status and provenance in the database.
//!
//! A status row follows the job it names; what happens to an older job of the same kind does not touch it.

use chrono::{DateTime, Utc};
use contracts::internal::enrichments::{
    AccountEnrichment, EnrichmentStatus, EnrichmentType, JobSubject, Provenance,
};
use diesel::{
    ExpressionMethods, Insertable, JoinOnDsl, QueryDsl, QueryResult, Queryable, Selectable, SelectableHelper,
    upsert::DecoratableTarget,
};
use diesel_async::RunQueryDsl;
use platform::{Problem, db::TenantTx};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    adapters::Failure,
    jobs::{api::JobView, domain::NewJob},
    schema::{account_enrichment_status as statuses, field_provenance as provenance},
    worker::EnrichmentJob,
};

/// Where a status that no provider has touched yet comes from.
const SOURCE: &str = "worker";

/// A job about the account was started.
pub async fn started(tx: &mut TenantTx<'_>, job: &NewJob) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::insert_into(statuses::table)
        .values((
            statuses::id.eq(Uuid::now_v7()),
            statuses::tenant_id.eq(tx.tenant().0),
            statuses::account_id.eq(job.subject_id),
            statuses::enrichment_type.eq(job.kind.name()),
            statuses::source.eq(SOURCE),
            statuses::job_id.eq(job.id),
            statuses::next_scheduled_run.eq(now),
            statuses::created_by.eq(job.started_by.map(Uuid::from)),
        ))
        .on_conflict((statuses::tenant_id, statuses::account_id, statuses::enrichment_type))
        .filter_target(statuses::deleted_at.is_null())
        .do_update()
        .set((
            statuses::job_id.eq(job.id),
            statuses::status.eq(EnrichmentStatus::Pending.name()),
            statuses::completion_percent.eq(0),
            statuses::next_scheduled_run.eq(now),
            statuses::error_details.eq(None::<Value>),
            statuses::updated_at.eq(now),
        ))
        .execute(&mut **tx)
        .await
}

/// Records that a job was restarted by hand.
pub async fn restarted(tx: &mut TenantTx<'_>, job: &JobView) -> QueryResult<usize> {
    let row = statuses::table
        .filter(statuses::account_id.eq(job.subject_id))
        .filter(statuses::enrichment_type.eq(&job.kind))
        .filter(statuses::deleted_at.is_null());
    diesel::update(row)
        .set((
            statuses::job_id.eq(job.id),
            statuses::status.eq(EnrichmentStatus::Pending.name()),
            statuses::completion_percent.eq(0),
            statuses::next_scheduled_run.eq(job.next_attempt_at),
            statuses::error_details.eq(None::<Value>),
            statuses::updated_at.eq(Utc::now()),
        ))
        .execute(&mut **tx)
        .await
}

/// A run of the job has begun.
pub async fn running(tx: &mut TenantTx<'_>, job: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(statuses::table.filter(statuses::job_id.eq(job)))
        .set((
            statuses::status.eq(EnrichmentStatus::InProgress.name()),
            statuses::last_attempted_run.eq(now),
            statuses::next_scheduled_run.eq(None::<DateTime<Utc>>),
            statuses::updated_at.eq(now),
        ))
        .execute(&mut **tx)
        .await
}

/// The job is done.
pub async fn completed(
    tx: &mut TenantTx<'_>,
    job: Uuid,
    provider: Option<&str>,
    quality: Option<f64>,
) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(statuses::table.filter(statuses::job_id.eq(job)))
        .set((
            statuses::status.eq(EnrichmentStatus::Completed.name()),
            statuses::completion_percent.eq(100),
            statuses::last_successful_run.eq(now),
            statuses::next_scheduled_run.eq(None::<DateTime<Utc>>),
            statuses::failure_count.eq(0),
            provider.map(|provider| statuses::source.eq(provider.chars().take(50).collect::<String>())),
            quality.map(|quality| statuses::data_quality_score.eq(quality)),
            statuses::error_details.eq(None::<Value>),
            statuses::updated_at.eq(now),
        ))
        .execute(&mut **tx)
        .await
}

/// The job is not done, and not at fault.
pub async fn skipped(tx: &mut TenantTx<'_>, job: Uuid, reason: &Failure) -> QueryResult<usize> {
    diesel::update(statuses::table.filter(statuses::job_id.eq(job)))
        .set((
            statuses::status.eq(EnrichmentStatus::Skipped.name()),
            statuses::next_scheduled_run.eq(None::<DateTime<Utc>>),
            statuses::error_details.eq(reason.details()),
            statuses::updated_at.eq(Utc::now()),
        ))
        .execute(&mut **tx)
        .await
}

/// A run of the job failed; the next is at `next`. Until then the account shows why nothing is there.
pub async fn postponed(
    tx: &mut TenantTx<'_>,
    job: Uuid,
    failure: &Failure,
    next: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::update(statuses::table.filter(statuses::job_id.eq(job)))
        .set((
            statuses::status.eq(EnrichmentStatus::Failed.name()),
            statuses::next_scheduled_run.eq(next),
            statuses::failure_count.eq(statuses::failure_count + 1),
            statuses::error_details.eq(failure.details()),
            statuses::updated_at.eq(Utc::now()),
        ))
        .execute(&mut **tx)
        .await
}

/// The job is given up or called off.
pub async fn failed(tx: &mut TenantTx<'_>, job: Uuid, failure: &Failure) -> QueryResult<usize> {
    diesel::update(statuses::table.filter(statuses::job_id.eq(job)))
        .set((
            statuses::status.eq(EnrichmentStatus::Failed.name()),
            statuses::next_scheduled_run.eq(None::<DateTime<Utc>>),
            statuses::failure_count.eq(statuses::failure_count + 1),
            statuses::error_details.eq(failure.details()),
            statuses::updated_at.eq(Utc::now()),
        ))
        .execute(&mut **tx)
        .await
}

#[derive(Insertable)]
#[diesel(table_name = provenance)]
struct NewProvenance<'a> {
    id: Uuid,
    tenant_id: Uuid,
    account_id: Uuid,
    field: &'a str,
    provider: &'a str,
    source_url: &'a str,
    fetched_at: DateTime<Utc>,
    confidence: f64,
    previous_value: Option<&'a Value>,
    job_id: Uuid,
}

/// A field that was filled, and from where.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The field.
    pub field: String,
    /// Who said it.
    pub provider: String,
    /// Where.
    pub source_url: String,
    /// When.
    pub fetched_at: DateTime<Utc>,
    /// Its confidence.
    pub confidence: f64,
    /// The value before.
    pub previous: Value,
}

/// Notes where the filled fields of an account came from; once per job and field.
pub async fn trace(tx: &mut TenantTx<'_>, job: &EnrichmentJob, traces: &[Trace]) -> QueryResult<usize> {
    if traces.is_empty() || job.subject() != JobSubject::Account {
        return Ok(0);
    }
    let rows: Vec<NewProvenance<'_>> = traces
        .iter()
        .map(|trace| NewProvenance {
            id: Uuid::now_v7(),
            tenant_id: job.tenant().0,
            account_id: job.subject_id,
            field: &trace.field,
            provider: &trace.provider,
            source_url: &trace.source_url,
            fetched_at: trace.fetched_at,
            confidence: trace.confidence,
            previous_value: Some(&trace.previous).filter(|value| !value.is_null()),
            job_id: job.id,
        })
        .collect();
    diesel::insert_into(provenance::table).values(rows).on_conflict_do_nothing().execute(&mut **tx).await
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = statuses, check_for_backend(diesel::pg::Pg))]
struct StatusRow {
    enrichment_type: String,
    status: String,
    completion_percent: i32,
    last_successful_run: Option<DateTime<Utc>>,
    last_attempted_run: Option<DateTime<Utc>>,
    next_scheduled_run: Option<DateTime<Utc>>,
    failure_count: i32,
    data_quality_score: Option<f64>,
    source: String,
    error_details: Option<Value>,
    job_id: Option<Uuid>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = provenance, check_for_backend(diesel::pg::Pg))]
struct ProvenanceRow {
    field: String,
    provider: String,
    source_url: Option<String>,
    confidence: f64,
    fetched_at: DateTime<Utc>,
    previous_value: Option<Value>,
}

/// The account's enrichments in the order of their names, each with the provenance of every field it ever filled.
pub async fn of_account(tx: &mut TenantTx<'_>, account: Uuid) -> Result<Vec<AccountEnrichment>, Problem> {
    use crate::schema::jobs;
    let rows: Vec<StatusRow> = statuses::table
        .filter(statuses::account_id.eq(account))
        .filter(statuses::deleted_at.is_null())
        .order(statuses::enrichment_type)
        .select(StatusRow::as_select())
        .load(&mut **tx)
        .await?;
    let traces: Vec<(String, ProvenanceRow)> = provenance::table
        .inner_join(jobs::table.on(jobs::id.eq(provenance::job_id)))
        .filter(provenance::account_id.eq(account))
        .order((provenance::fetched_at.desc(), provenance::field))
        .select((jobs::kind, ProvenanceRow::as_select()))
        .load(&mut **tx)
        .await?;
    let mut enrichments = rows.into_iter().map(StatusRow::into_enrichment).collect::<Result<Vec<_>, _>>()?;
    for (kind, row) in traces {
        if let Some(enrichment) = enrichments.iter_mut().find(|known| known.enrichment_type.name() == kind) {
            enrichment.provenance.push(row.into());
        }
    }
    Ok(enrichments)
}

impl StatusRow {
    fn into_enrichment(self) -> Result<AccountEnrichment, Problem> {
        let unknown = |what: &str| Problem::internal(format!("{what:?} is no word of this service's"));
        Ok(AccountEnrichment {
            enrichment_type: EnrichmentType::parse(&self.enrichment_type)
                .ok_or_else(|| unknown(&self.enrichment_type))?,
            status: EnrichmentStatus::parse(&self.status).ok_or_else(|| unknown(&self.status))?,
            completion_percent: self.completion_percent,
            last_successful_run: self.last_successful_run,
            last_attempted_run: self.last_attempted_run,
            next_scheduled_run: self.next_scheduled_run,
            failure_count: self.failure_count,
            data_quality_score: self.data_quality_score,
            source: self.source,
            error_details: self.error_details,
            job_id: self.job_id,
            provenance: Vec::new(),
        })
    }
}

impl From<ProvenanceRow> for Provenance {
    fn from(row: ProvenanceRow) -> Self {
        Self {
            field: row.field,
            provider: row.provider,
            source_url: row.source_url,
            confidence: row.confidence,
            fetched_at: row.fetched_at,
            previous_value: row.previous_value,
        }
    }
}
