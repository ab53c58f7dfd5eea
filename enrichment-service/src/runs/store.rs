//! Runs in the database.

use chrono::Utc;
use contracts::internal::enrichments::EnrichmentType;
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable, QueryableByName, Selectable,
    SelectableHelper,
    sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{
        Cacheable, TenantTx,
        outbox::{self, Change},
    },
    http::context::RequestContext,
};
use serde_json::Value;
use uuid::Uuid;

use super::{ENTITY, TRACKED, api::RunView, domain::RunStatus};
use crate::{
    jobs::domain::Status,
    money::Amount,
    schema::{enrichment_runs, enrichment_runs::dsl},
    waterfalls::domain::EntityType,
};

/// A run about to be started.
pub struct NewRun<'a> {
    /// The waterfall, and which version of it.
    pub waterfall: Option<(Uuid, i32)>,
    /// The custom column.
    pub column: Option<Uuid>,
    /// Type of its jobs.
    pub kind: EnrichmentType,
    /// Its subject.
    pub entity: EntityType,
    /// The records.
    pub ids: &'a [Uuid],
    /// Whether kept answers are passed by.
    pub force: bool,
    /// Most that it spends.
    pub max_cost: Option<Amount>,
    /// Owners of the records that its starter sees.
    pub seen_by: Option<Vec<Uuid>>,
    /// The tenant's zone.
    pub time_zone: String,
    /// Who starts it.
    pub by: Uuid,
    /// Part of which request.
    pub request: &'a RequestContext,
}

/// Starts one: a row, and a job for each record, in one statement.
pub async fn insert(tx: &mut TenantTx<'_>, run: &NewRun<'_>) -> Result<RunView, Problem> {
    let total = i32::try_from(run.ids.len()).map_err(|error| Problem::internal(error.to_string()))?;
    let is_empty = total == 0;
    let view: RunView = diesel::insert_into(dsl::enrichment_runs)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::waterfall_id.eq(run.waterfall.map(|(id, _)| id)),
            dsl::waterfall_version.eq(run.waterfall.map(|(_, version)| version)),
            dsl::column_id.eq(run.column),
            dsl::entity_type.eq(run.entity),
            dsl::status.eq(if is_empty { RunStatus::Completed } else { RunStatus::Running }),
            dsl::total.eq(total),
            dsl::max_cost.eq(run.max_cost),
            dsl::force.eq(run.force),
            dsl::seen_by.eq(&run.seen_by),
            dsl::time_zone.eq(&run.time_zone),
            dsl::started_by.eq(run.by),
            dsl::finished_at.eq(is_empty.then(Utc::now)),
        ))
        .returning(RunView::as_returning())
        .get_result(&mut **tx)
        .await?;
    let jobs: Vec<Uuid> = run.ids.iter().map(|_| Uuid::now_v7()).collect();
    diesel::sql_query(
        "INSERT INTO jobs (id, tenant_id, type, subject_type, subject_id, run_id, waterfall_id, waterfall_version, \
         column_id, force, started_by, request_id, traceparent) \
         SELECT j.id, $1, $2, $3, j.subject, $4, $5, $6, $7, $8, $9, $10, $11 FROM unnest($12, $13) AS j(id, subject)",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Text, _>(run.kind.name())
    .bind::<Text, _>(run.entity.subject().name())
    .bind::<SqlUuid, _>(view.id)
    .bind::<Nullable<SqlUuid>, _>(view.waterfall_id)
    .bind::<Nullable<Integer>, _>(view.waterfall_version)
    .bind::<Nullable<SqlUuid>, _>(view.column_id)
    .bind::<Bool, _>(run.force)
    .bind::<SqlUuid, _>(run.by)
    .bind::<Text, _>(&run.request.request_id)
    .bind::<Text, _>(run.request.trace.header())
    .bind::<Array<SqlUuid>, _>(jobs)
    .bind::<Array<SqlUuid>, _>(run.ids)
    .cached()
    .execute(&mut **tx)
    .await?;
    outbox::record(tx, vec![Change::created(ENTITY, view.id, &view)]).await?;
    Ok(view)
}

/// The part of a run that its jobs need.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = enrichment_runs)]
pub struct Running {
    /// Where it stands.
    pub status: RunStatus,
    /// Owners of the records that its starter saw.
    pub seen_by: Option<Vec<Uuid>>,
    /// The tenant's zone.
    pub time_zone: Option<String>,
    /// Most that it spends.
    pub max_cost: Option<Amount>,
}

/// The run of a job.
pub async fn running(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<Option<Running>> {
    dsl::enrichment_runs.filter(dsl::id.eq(id)).select(Running::as_select()).first(&mut **tx).await.optional()
}

/// The end of a job of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Done.
    Done,
    /// Failed.
    Failed,
    /// Passed over.
    Skipped,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Bool)]
    is_news: bool,
    #[diesel(sql_type = Bool)]
    has_ended: bool,
}

/// Counts a job that ended. The last one ends the run. People are told at each percent.
pub async fn count(tx: &mut TenantTx<'_>, run: Uuid, ended: Ended, cost: Amount) -> Result<(), Problem> {
    let counted: Option<Counted> = diesel::sql_query(
        "WITH before AS (SELECT id, status, done + failed + skipped AS ended, total FROM enrichment_runs \
         WHERE id = $1 FOR NO KEY UPDATE) \
         UPDATE enrichment_runs r SET done = r.done + $2, failed = r.failed + $3, skipped = r.skipped + $4, \
         cost = r.cost + $5, version = r.version + 1, updated_at = now(), \
         finished_at = CASE WHEN b.ended + 1 >= b.total THEN now() ELSE r.finished_at END, \
         status = CASE WHEN b.ended + 1 < b.total OR b.status = 'cancelled' THEN r.status \
           WHEN r.failed + $3 > 0 THEN 'completed_with_errors' ELSE 'completed' END \
         FROM before b WHERE r.id = b.id \
         RETURNING b.ended + 1 >= b.total AND b.status <> 'cancelled' AS has_ended, \
         (b.ended + 1) * 100 / greatest(b.total, 1) > b.ended * 100 / greatest(b.total, 1) AS is_news",
    )
    .bind::<SqlUuid, _>(run)
    .bind::<Integer, _>(i32::from(ended == Ended::Done))
    .bind::<Integer, _>(i32::from(ended == Ended::Failed))
    .bind::<Integer, _>(i32::from(ended == Ended::Skipped))
    .bind::<Numeric, _>(cost)
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()?;
    if let Some(counted) = counted.filter(|counted| counted.is_news || counted.has_ended) {
        super::progress::tell(tx, run, counted.has_ended).await?;
    }
    Ok(())
}

/// Adds what a job has cost that is not at its end yet.
pub async fn add_cost(tx: &mut TenantTx<'_>, run: Uuid, cost: Amount) -> QueryResult<usize> {
    diesel::update(dsl::enrichment_runs.filter(dsl::id.eq(run)))
        .set((
            dsl::cost.eq(dsl::cost + cost),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .execute(&mut **tx)
        .await
}

/// Takes an ended job back into its run, because it is run again.
pub async fn take_back(tx: &mut TenantTx<'_>, run: Uuid, ended_as: Status) -> QueryResult<usize> {
    let (failed, skipped) = (i32::from(ended_as == Status::Failed), i32::from(ended_as != Status::Failed));
    diesel::sql_query(
        "UPDATE enrichment_runs SET failed = greatest(failed - $2, 0), skipped = greatest(skipped - $3, 0), \
         status = CASE WHEN status IN ('completed', 'completed_with_errors') THEN 'running' ELSE status END, \
         finished_at = NULL, version = version + 1, updated_at = now() WHERE id = $1",
    )
    .bind::<SqlUuid, _>(run)
    .bind::<Integer, _>(failed)
    .bind::<Integer, _>(skipped)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Says where a run stands now, with an event.
pub async fn set_status(
    tx: &mut TenantTx<'_>,
    before: &RunView,
    status: RunStatus,
    reason: Option<&str>,
) -> Result<RunView, Problem> {
    let finished_at = (status == RunStatus::Cancelled).then(Utc::now);
    let after: RunView = diesel::update(dsl::enrichment_runs.filter(dsl::id.eq(before.id)))
        .set((
            dsl::status.eq(status),
            dsl::status_reason.eq(reason),
            dsl::finished_at.eq(finished_at),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(RunView::as_returning())
        .get_result(&mut **tx)
        .await?;
    outbox::record(tx, Change::updated(ENTITY, before.id, before, &after, TRACKED)).await?;
    Ok(after)
}

/// Lets the waiting jobs of a run be due never, or at once.
pub async fn hold_jobs(tx: &mut TenantTx<'_>, run: Uuid, is_held: bool) -> QueryResult<usize> {
    let sql = if is_held {
        "UPDATE jobs SET next_attempt_at = NULL WHERE run_id = $1 AND status = 'pending' AND next_attempt_at IS NOT NULL"
    } else {
        "UPDATE jobs SET next_attempt_at = now() WHERE run_id = $1 AND status = 'pending' AND next_attempt_at IS NULL"
    };
    diesel::sql_query(sql).bind::<SqlUuid, _>(run).cached().execute(&mut **tx).await
}

/// Calls off all jobs of a run that have not ended. Gives how many.
pub async fn cancel_jobs(tx: &mut TenantTx<'_>, run: Uuid, reason: &Value) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE jobs SET status = 'cancelled', next_attempt_at = NULL, last_error = $2, finished_at = now(), \
         updated_at = now(), version = version + 1 \
         WHERE run_id = $1 AND status IN ('pending', 'in_progress')",
    )
    .bind::<SqlUuid, _>(run)
    .bind::<Jsonb, _>(reason)
    .cached()
    .execute(&mut **tx)
    .await
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Runs the failed jobs of a run again. Gives how many.
pub async fn retry_failed(tx: &mut TenantTx<'_>, run: Uuid, is_held: bool) -> QueryResult<i64> {
    let retried: Number = diesel::sql_query(
        "WITH retried AS (UPDATE jobs SET status = 'pending', attempts = 0, last_error = NULL, finished_at = NULL, \
         next_attempt_at = CASE WHEN $2 THEN NULL ELSE now() END, updated_at = now(), version = version + 1 \
         WHERE run_id = $1 AND status = 'failed' RETURNING 1), \
         counted AS (UPDATE enrichment_runs SET failed = 0, version = version + 1, updated_at = now(), \
         finished_at = CASE WHEN (SELECT count(*) FROM retried) > 0 THEN NULL ELSE finished_at END, \
         status = CASE WHEN (SELECT count(*) FROM retried) = 0 OR $2 THEN status ELSE 'running' END \
         WHERE id = $1) SELECT count(*) AS number FROM retried",
    )
    .bind::<SqlUuid, _>(run)
    .bind::<Bool, _>(is_held)
    .cached()
    .get_result(&mut **tx)
    .await?;
    Ok(retried.number)
}
