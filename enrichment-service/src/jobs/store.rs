//! Jobs in the database, as people and events see them. The worker's side is in `worker/`.

use chrono::Utc;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{Problem, db::TenantTx, http::context::RequestContext};
use uuid::Uuid;

use super::{
    api::JobView,
    domain::{NewJob, Status},
};
use crate::schema::jobs::dsl;

/// Statuses of jobs that have not ended.
pub const UNFINISHED: [&str; 2] = [Status::Pending.name(), Status::InProgress.name()];

/// Reads the unfinished jobs about an account or a lead, which are about to change.
pub async fn lock_unfinished(tx: &mut TenantTx<'_>, subject: Uuid) -> QueryResult<Vec<JobView>> {
    dsl::jobs
        .filter(dsl::subject_id.eq(subject))
        .filter(dsl::status.eq_any(UNFINISHED))
        .order(dsl::id)
        .select(JobView::as_select())
        .for_update()
        .load(&mut **tx)
        .await
}

/// Where a job stands.
pub fn status_of(job: &JobView) -> Result<Status, Problem> {
    Status::parse(&job.status)
        .ok_or_else(|| Problem::internal(format!("{:?} is no status of a job", job.status)))
}

/// Starts one. Gives whether it is new: a job asked for twice is one job.
pub async fn insert(tx: &mut TenantTx<'_>, job: &NewJob) -> QueryResult<bool> {
    let inserted = diesel::insert_into(dsl::jobs)
        .values((
            dsl::id.eq(job.id),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::kind.eq(job.kind.name()),
            dsl::subject_type.eq(job.subject.name()),
            dsl::subject_id.eq(job.subject_id),
            dsl::input.eq(&job.input),
            dsl::started_by.eq(job.started_by.map(Uuid::from)),
            dsl::request_id.eq(&job.request_id),
            dsl::traceparent.eq(&job.traceparent),
        ))
        .on_conflict_do_nothing()
        .execute(&mut **tx)
        .await?;
    Ok(inserted == 1)
}

/// Restarts a job, as part of this request.
pub async fn restart(tx: &mut TenantTx<'_>, id: Uuid, request: &RequestContext) -> QueryResult<JobView> {
    let now = Utc::now();
    diesel::update(dsl::jobs.filter(dsl::id.eq(id)))
        .set((
            dsl::status.eq(Status::Pending.name()),
            dsl::attempts.eq(0),
            dsl::next_attempt_at.eq(now),
            dsl::last_error.eq(None::<serde_json::Value>),
            dsl::request_id.eq(&request.request_id),
            dsl::traceparent.eq(request.trace.header()),
            dsl::finished_at.eq(None::<chrono::DateTime<Utc>>),
            dsl::updated_at.eq(now),
            dsl::version.eq(dsl::version + 1),
        ))
        .returning(JobView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Calls one off. A run under way finds that it no longer has the job.
pub async fn cancel(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::jobs.filter(dsl::id.eq(id)))
        .set((
            dsl::status.eq(Status::Cancelled.name()),
            dsl::next_attempt_at.eq(None::<chrono::DateTime<Utc>>),
            dsl::finished_at.eq(now),
            dsl::updated_at.eq(now),
            dsl::version.eq(dsl::version + 1),
        ))
        .execute(&mut **tx)
        .await
}
