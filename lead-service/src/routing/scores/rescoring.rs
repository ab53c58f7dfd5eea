//! Rescoring of all leads of a tenant after a change of its models, in the background: a few at a time, so that locks are
//! short, and from where the last process stopped.
//!
//! The place in the walk commits with the scores. A lead that was written by what held before and committed while the walk
//! went past is found by a second look at the latest ones.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::TenantId;
use diesel::{
    OptionalExtension, QueryableByName,
    sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, Db, TenantTx},
    worker::Shutdown,
};
use uuid::Uuid;

use super::{refresh, store};

/// Leads scored in one transaction.
const BATCH: i64 = 200;
/// How long a process has a walk to itself without saying more.
const LEASE_SECONDS: f64 = 30.0;
/// When nothing is to be done.
const PAUSE: Duration = Duration::from_millis(500);
/// Longest that a transaction which read the old models may still take to commit.
const SETTLING: TimeDelta = TimeDelta::seconds(40);

/// How far a walk is.
#[derive(QueryableByName)]
pub struct Progress {
    /// `pending` or `completed`.
    #[diesel(sql_type = Text)]
    pub status: String,
    /// Leads looked at.
    #[diesel(sql_type = BigInt)]
    pub visited: i64,
    /// Leads that changed.
    #[diesel(sql_type = BigInt)]
    pub changed: i64,
    /// When it was asked for.
    #[diesel(sql_type = Timestamptz)]
    pub requested_at: DateTime<Utc>,
    /// When it was done.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub finished_at: Option<DateTime<Utc>>,
}

/// The tenant's last walk.
pub async fn progress(tx: &mut TenantTx<'_>) -> Result<Option<Progress>, Problem> {
    let progress = diesel::sql_query(
        "SELECT CASE WHEN settled THEN 'completed' ELSE status END AS status, visited, changed, requested_at, finished_at FROM rescorings WHERE tenant_id = $1",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()?;
    Ok(progress)
}

#[derive(QueryableByName)]
struct Walk {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    request: Uuid,
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    position: Option<Uuid>,
    #[diesel(sql_type = Bool)]
    settled: bool,
    #[diesel(sql_type = Timestamptz)]
    requested_at: DateTime<Utc>,
}

/// Walks until the process ends.
pub async fn run(db: Db, mut shutdown: Shutdown) {
    while shutdown.sleep(PAUSE).await {
        if let Err(problem) = walk_what_is_due(&db, &shutdown).await {
            tracing::warn!(%problem, "leads cannot be scored anew now");
        }
    }
}

/// Walks everything that is due. What one process has taken, others leave alone.
pub async fn walk_what_is_due(db: &Db, shutdown: &Shutdown) -> Result<(), Problem> {
    while let Some(walk) = take(db).await? {
        while !shutdown.is_triggered() && step(db, &walk).await? {}
        if shutdown.is_triggered() {
            return Ok(());
        }
    }
    Ok(())
}

async fn take(db: &Db) -> Result<Option<Walk>, Problem> {
    db.in_system(async |tx| {
        let walk = diesel::sql_query(
            "UPDATE rescorings SET leased_until = now() + $1 * interval '1 second' WHERE tenant_id = \
             (SELECT tenant_id FROM rescorings WHERE status = 'pending' AND due_at <= now() \
             AND (leased_until IS NULL OR leased_until <= now()) ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED) \
             RETURNING tenant_id, request",
        )
        .bind::<diesel::sql_types::Double, _>(LEASE_SECONDS)
        .cached()
        .get_result(&mut **tx)
        .await
        .optional()?;
        Ok(walk)
    })
    .await
}

/// One batch. Returns whether there may be more to do now; none when another rescoring was requested meanwhile.
async fn step(db: &Db, walk: &Walk) -> Result<bool, Problem> {
    db.in_tenant(TenantId(walk.tenant_id), async |tx| {
        let place: Option<Place> = diesel::sql_query(
            "SELECT position, settled, requested_at FROM rescorings \
             WHERE tenant_id = $1 AND request = $2 AND status = 'pending' FOR NO KEY UPDATE",
        )
        .bind::<SqlUuid, _>(walk.tenant_id)
        .bind::<SqlUuid, _>(walk.request)
        .cached()
        .get_result(&mut **tx)
        .await
        .optional()?;
        let Some(place) = place else { return Ok(false) };
        let leads = store::lock_after(tx, place.position.unwrap_or_default(), BATCH).await?;
        let Some(last) = leads.last() else {
            end(tx, walk, &place).await?;
            return Ok(false);
        };
        let changed = refresh(tx, &leads).await?;
        diesel::sql_query(
            "UPDATE rescorings SET position = $2, visited = visited + $3, changed = changed + $4, \
             leased_until = now() + $5 * interval '1 second' WHERE tenant_id = $1",
        )
        .bind::<SqlUuid, _>(walk.tenant_id)
        .bind::<SqlUuid, _>(last.id)
        .bind::<BigInt, _>(i64::try_from(leads.len()).unwrap_or(BATCH))
        .bind::<BigInt, _>(i64::try_from(changed).unwrap_or(BATCH))
        .bind::<diesel::sql_types::Double, _>(LEASE_SECONDS)
        .cached()
        .execute(&mut **tx)
        .await?;
        Ok(true)
    })
    .await
}

/// The end was reached: the first time, the latest leads are looked at once more after a while.
async fn end(tx: &mut TenantTx<'_>, walk: &Walk, place: &Place) -> Result<(), Problem> {
    let latest = first_id_at(place.requested_at - SETTLING);
    diesel::sql_query(
        "UPDATE rescorings SET status = CASE WHEN $2 THEN 'completed' ELSE 'pending' END, settled = true, \
         position = CASE WHEN $2 THEN position ELSE $3 END, leased_until = NULL, due_at = $4, \
         finished_at = coalesce(finished_at, now()) WHERE tenant_id = $1",
    )
    .bind::<SqlUuid, _>(walk.tenant_id)
    .bind::<Bool, _>(place.settled)
    .bind::<SqlUuid, _>(latest)
    .bind::<Timestamptz, _>(place.requested_at + SETTLING)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The lowest id that was made at that time: ids are ordered by it.
fn first_id_at(at: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    Uuid::from_u128(u128::from(millis) << 80)
}
