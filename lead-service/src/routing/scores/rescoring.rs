//! Rescoring of all leads of a tenant after a change of its models, in the background: a few at a time, so that locks are
//! short, and from where the last process stopped.
//!
//! The place in the walk commits with the scores. A lead that was written by what held before and committed while the walk
//! went past is found by a second look at the latest ones.

use std::time::{Duration, Instant};

use actix_web::web::Data;
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
    jobs::{self, Done, Failure, Job, Lease, Policy, Table},
    worker::Shutdown,
};
use uuid::Uuid;

use super::{refresh, store};

/// Leads scored in one transaction.
const BATCH: i64 = 200;
/// How long a walk goes on before other tenants have their turn.
const TURN: Duration = Duration::from_secs(10);
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
pub async fn run(db: Db, shutdown: Shutdown) {
    jobs::work::<Walk>(Data::new(db), shutdown).await;
}

impl Job for Walk {
    const NAME: &'static str = "rescorings";
    const TABLE: Table = Table {
        due: "due_at",
        columns: "q.tenant_id, q.request",
        waiting: "q.status = 'pending'",
        keeps_errors: false,
        ..Table::named("rescorings", "tenant_id")
    };
    type Deps = Db;

    fn db(deps: &Db) -> &Db {
        deps
    }

    fn policy(_deps: &Db) -> Policy {
        let poll = Duration::from_millis(500);
        Policy { lease: Duration::from_secs(30), concurrency: 1, poll, ..Policy::default() }
    }

    async fn run(self, db: &Db, _lease: &Lease) -> Result<Done, Failure> {
        let began = Instant::now();
        while step(db, &self).await? {
            if began.elapsed() > TURN {
                return Ok(Done::Again(Duration::ZERO));
            }
        }
        Ok(Done::Settled)
    }
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
            "UPDATE rescorings SET position = $2, visited = visited + $3, changed = changed + $4 WHERE tenant_id = $1",
        )
        .bind::<SqlUuid, _>(walk.tenant_id)
        .bind::<SqlUuid, _>(last.id)
        .bind::<BigInt, _>(i64::try_from(leads.len()).unwrap_or(BATCH))
        .bind::<BigInt, _>(i64::try_from(changed).unwrap_or(BATCH))
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
         position = CASE WHEN $2 THEN position ELSE $3 END, due_at = $4, \
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
