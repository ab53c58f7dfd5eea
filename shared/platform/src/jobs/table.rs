//! The statements of a queue over its own table.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};
use contracts::TenantId;
use diesel::{
    OptionalExtension, QueryResult, QueryableByName, deserialize,
    pg::Pg,
    row::NamedRow,
    sql_types::{Array, BigInt, Double, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Job, Policy,
    outcome::{Done, Failure, Fate},
};
use crate::{
    db::{Cacheable, Db, SystemTx},
    http::problem::Problem,
};

/// Condition of [`Turns`]: all tenants.
pub const ANY_TENANT: &str = "true";
/// Condition of [`Turns`]: jobs of a tenant that is not active wait.
pub const ACTIVE_TENANTS: &str =
    "NOT EXISTS (SELECT FROM tenant_states s WHERE s.tenant_id = w.tenant AND s.status <> 'active')";
/// Condition of [`Turns`]: so do those of a tenant without an admin with a proven address.
pub const PROVEN_TENANTS: &str = "NOT EXISTS (SELECT FROM tenant_states s WHERE s.tenant_id = w.tenant \
     AND (s.status <> 'active' OR s.is_unproven))";

/// A table as a queue. Conditions and columns name its rows `q`.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// Its key, a uuid.
    pub key: &'static str,
    /// The column with the time at which a row is due; while it is leased, the end of the lease.
    pub due: &'static str,
    /// The columns of the job.
    pub columns: &'static str,
    /// Which rows wait: the condition of the index that finds them.
    pub waiting: &'static str,
    /// Further conditions of a claim.
    pub ready: &'static str,
    /// Turns between tenants, where rows have one. An index on tenant and time serves them.
    pub turns: Option<Turns>,
    /// The end of a row when its work is done.
    pub done: End<'static>,
    /// The end of a row that is given up.
    pub given_up: End<'static>,
    /// Whether it keeps the reason of the last failure in `last_error`.
    pub keeps_errors: bool,
}

/// How tenants take turns.
#[derive(Clone, Copy, Debug)]
pub struct Turns {
    /// The column with the tenant.
    pub tenant: &'static str,
    /// The tenants that take part, as a condition on `w.tenant`.
    pub only: &'static str,
}

/// What becomes of a row at its end.
#[derive(Clone, Copy, Debug)]
pub enum End<'a> {
    /// It is deleted.
    Delete,
    /// It stays, with these assignments.
    Set(&'a str),
}

impl Table {
    /// A table that is due by `next_attempt_at`, deletes what is done, and keeps what is given up, with the reason, due
    /// never.
    pub const fn named(name: &'static str, key: &'static str) -> Self {
        Self {
            name,
            key,
            due: "next_attempt_at",
            columns: "",
            waiting: "q.next_attempt_at IS NOT NULL",
            ready: "true",
            turns: None,
            done: End::Delete,
            given_up: End::Set("next_attempt_at = NULL"),
            keeps_errors: true,
        }
    }

    /// Picks due rows in the order of their times.
    fn in_order(&self, only: &str) -> String {
        let Self { name, key, due, waiting, ready, .. } = self;
        format!(
            "WITH chosen AS (SELECT q.{key} AS key FROM {name} q \
             WHERE {waiting} AND q.{due} <= now() AND {ready} AND {only} \
             ORDER BY q.{due} LIMIT $2 FOR NO KEY UPDATE OF q SKIP LOCKED)"
        )
    }

    /// Picks due rows so that tenants take turns, counting what runs already. The tenants are found by skipping along
    /// the index, so that a long queue of one of them costs no more than a short one.
    fn in_turns(&self, Turns { tenant, only }: Turns) -> String {
        let Self { name, key, due, waiting, ready, .. } = self;
        format!(
            "WITH RECURSIVE waiting AS ( \
               (SELECT q.{tenant} AS tenant FROM {name} q WHERE {waiting} ORDER BY q.{tenant} LIMIT 1) \
               UNION ALL \
               SELECT (SELECT q.{tenant} FROM {name} q WHERE {waiting} AND q.{tenant} > w.tenant \
                       ORDER BY q.{tenant} LIMIT 1) FROM waiting w WHERE w.tenant IS NOT NULL \
             ), turns AS ( \
               SELECT due.key, due.at, coalesce(busy.running, 0) \
                 + row_number() OVER (PARTITION BY w.tenant ORDER BY due.at) AS turn \
               FROM waiting w LEFT JOIN unnest($4, $5) AS busy(tenant, running) ON busy.tenant = w.tenant \
               CROSS JOIN LATERAL (SELECT q.{key} AS key, q.{due} AS at FROM {name} q \
                 WHERE q.{tenant} = w.tenant AND {waiting} AND q.{due} <= now() AND {ready} \
                 ORDER BY q.{due} LIMIT greatest($3 - coalesce(busy.running, 0), 0)) due \
               WHERE w.tenant IS NOT NULL AND {only} \
             ), chosen AS ( \
               SELECT q.{key} AS key FROM {name} q \
               JOIN (SELECT key FROM turns ORDER BY turn, at LIMIT $2) first ON first.key = q.{key} \
               WHERE {waiting} AND q.{due} <= now() FOR NO KEY UPDATE OF q SKIP LOCKED \
             )"
        )
    }

    /// Leases what was picked.
    fn lease(&self, picked: &str) -> String {
        let Self { name, key, due, columns, keeps_errors, .. } = self;
        let tenant = self.turns.map_or("NULL::uuid".to_owned(), |turns| format!("q.{}", turns.tenant));
        let (comma, forget) = (
            if columns.is_empty() { "" } else { ", " },
            if *keeps_errors { ", last_error = NULL" } else { "" },
        );
        format!(
            "{picked} UPDATE {name} q SET attempts = q.attempts + 1, {due} = now() + $1 * interval '1 second'{forget} \
             FROM chosen WHERE q.{key} = chosen.key RETURNING q.{key} AS job_key, q.attempts AS job_attempt, \
             q.{due} AS job_until, {tenant} AS job_tenant{comma}{columns}"
        )
    }
}

/// A claim on a row. Its end tells it from any other claim on the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The row.
    pub key: Uuid,
    /// Which try this is, from 1.
    pub attempt: i32,
    /// When the row can be claimed by others.
    pub until: DateTime<Utc>,
    /// The row's tenant, where the queue knows [`Turns`].
    pub tenant: Option<TenantId>,
}

impl Lease {
    /// Whether the row is still leased to this run; locks it until the transaction ends.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn hold<J: Job>(&self, tx: &mut AsyncPgConnection) -> QueryResult<bool> {
        let Table { name, key, due, .. } = J::TABLE;
        let held: Option<Held> = diesel::sql_query(format!(
            "SELECT q.{key} AS key FROM {name} q WHERE q.{key} = $1 AND q.{due} = $2 FOR NO KEY UPDATE"
        ))
        .bind::<SqlUuid, _>(self.key)
        .bind::<Timestamptz, _>(self.until)
        .cached()
        .get_result(tx)
        .await
        .optional()?;
        Ok(held.is_some_and(|held| held.key == self.key))
    }
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = SqlUuid)]
    key: Uuid,
}

/// A claimed job.
#[derive(Debug)]
pub struct Claimed<J> {
    /// The claim.
    pub lease: Lease,
    /// The job.
    pub job: J,
}

impl<J: QueryableByName<Pg>> QueryableByName<Pg> for Claimed<J> {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        let tenant: Option<Uuid> = NamedRow::get::<Nullable<SqlUuid>, _>(row, "job_tenant")?;
        let lease = Lease {
            key: NamedRow::get::<SqlUuid, _>(row, "job_key")?,
            attempt: NamedRow::get::<Integer, _>(row, "job_attempt")?,
            until: NamedRow::get::<Timestamptz, _>(row, "job_until")?,
            tenant: tenant.map(TenantId),
        };
        Ok(Self { lease, job: J::build(row)? })
    }
}

/// Which due jobs to claim.
pub(super) enum Pick<'a> {
    /// The next ones, where this process runs jobs of these tenants already.
    Next(&'a [TenantId]),
    /// This one.
    One(Uuid),
}

/// Claims up to `most` due jobs.
pub(super) async fn claim<J: Job>(
    db: &Db,
    policy: &Policy,
    most: usize,
    pick: Pick<'_>,
) -> Result<Vec<Claimed<J>>, Problem> {
    let table = J::TABLE;
    let (picked, keys, running) = match (pick, table.turns) {
        (Pick::One(key), _) => {
            (table.in_order(&format!("q.{} = ANY ($4)", table.key)), vec![key], Vec::new())
        }
        (Pick::Next(_), None) => (table.in_order("true"), Vec::new(), Vec::new()),
        (Pick::Next(tenants), Some(turns)) => {
            let mut running: HashMap<Uuid, i64> = HashMap::new();
            tenants.iter().for_each(|tenant| *running.entry(tenant.0).or_default() += 1);
            let (tenants, jobs) = running.into_iter().unzip();
            (table.in_turns(turns), tenants, jobs)
        }
    };
    db.in_system(async |tx| {
        let claimed = diesel::sql_query(table.lease(&picked))
            .bind::<Double, _>(policy.lease.as_secs_f64())
            .bind::<BigInt, _>(number(most))
            .bind::<BigInt, _>(number(policy.per_tenant))
            .bind::<Array<SqlUuid>, _>(keys)
            .bind::<Array<BigInt>, _>(running)
            .cached()
            .load(&mut **tx)
            .await?;
        Ok(claimed)
    })
    .await
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Writes what a run came to, and gives its name in the metrics.
pub(super) async fn conclude<J: Job>(
    tx: &mut SystemTx<'_>,
    policy: &Policy,
    lease: &Lease,
    outcome: &Result<Done, Failure>,
) -> QueryResult<&'static str> {
    let Table { name, key, due, waiting, done, given_up, keeps_errors, .. } = J::TABLE;
    let later = format!("{due} = now() + $3 * interval '1 second'");
    let afresh = format!("{later}, attempts = 0");
    let unspent = format!("{later}, attempts = q.attempts - 1");
    let fate = outcome.as_ref().map_err(|failure| failure.fate(policy, lease.attempt));
    let (outcome_name, end, pause) = match fate {
        Ok(Done::Settled) => return Ok("done"),
        Ok(Done::Finished) => ("done", done, Duration::ZERO),
        Ok(Done::Again(pause)) => ("again", End::Set(&afresh), *pause),
        Err(Fate::Retry(pause)) => ("retried", End::Set(&later), pause),
        Err(Fate::Postpone(pause)) => ("postponed", End::Set(&unspent), pause),
        Err(Fate::GiveUp) => ("given_up", given_up, Duration::ZERO),
    };
    let end = match end {
        End::Delete => format!("DELETE FROM {name} q"),
        End::Set(set) if keeps_errors => format!("UPDATE {name} q SET {set}, last_error = $4"),
        End::Set(set) => format!("UPDATE {name} q SET {set}"),
    };
    let ended = diesel::sql_query(format!("{end} WHERE q.{key} = $1 AND q.{due} = $2 AND {waiting}"))
        .bind::<SqlUuid, _>(lease.key)
        .bind::<Timestamptz, _>(lease.until)
        .bind::<Double, _>(pause.as_secs_f64())
        .bind::<Nullable<Text>, _>(outcome.as_ref().err().map(|failure| &failure.reason))
        .cached()
        .execute(&mut **tx)
        .await?;
    Ok(if ended == 1 { outcome_name } else { "overtaken" })
}

/// Gives claimed jobs back, as if they had never been claimed.
pub(super) async fn hand_back<J: Job>(db: &Db, leases: &[Lease]) -> Result<usize, Problem> {
    let Table { name, key, due, .. } = J::TABLE;
    db.in_system(async |tx| {
        let back = diesel::sql_query(format!(
            "UPDATE {name} q SET {due} = now(), attempts = q.attempts - 1 FROM unnest($1, $2) AS lease(key, until) \
             WHERE q.{key} = lease.key AND q.{due} = lease.until"
        ))
        .bind::<Array<SqlUuid>, _>(leases.iter().map(|lease| lease.key).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(leases.iter().map(|lease| lease.until).collect::<Vec<_>>())
        .cached()
        .execute(&mut **tx)
        .await?;
        Ok(back)
    })
    .await
}

#[derive(QueryableByName)]
struct Depth {
    #[diesel(sql_type = BigInt)]
    waiting: i64,
    #[diesel(sql_type = BigInt)]
    due: i64,
    #[diesel(sql_type = Double)]
    late_seconds: f64,
}

/// Measures how many jobs wait and are due, and how long the oldest of them has been due. Counting stops at 10,000, so
/// that a long queue costs no more: that figure means "at least".
///
/// # Errors
/// 503 when the database is away.
pub async fn measure<J: Job>(deps: &J::Deps) -> Result<(), Problem> {
    let Table { name, due, waiting, .. } = J::TABLE;
    let depth: Depth = J::db(deps)
        .in_system(async |tx| {
            let sql = format!(
                "SELECT count(*) AS waiting, count(*) FILTER (WHERE at <= now()) AS due, \
                 greatest(coalesce(extract(epoch FROM now() - min(at)), 0), 0)::float8 AS late_seconds \
                 FROM (SELECT q.{due} AS at FROM {name} q WHERE {waiting} ORDER BY q.{due} LIMIT 10000) waiting"
            );
            diesel::sql_query(sql).cached().get_result(&mut **tx).await.map_err(Problem::from)
        })
        .await?;
    for (state, jobs) in [("waiting", depth.waiting), ("due", depth.due)] {
        metrics::gauge!("queue_items", "queue" => J::NAME, "state" => state)
            .set(u32::try_from(jobs).unwrap_or(u32::MAX));
    }
    metrics::gauge!("queue_oldest_seconds", "queue" => J::NAME, "state" => "due").set(depth.late_seconds);
    Ok(())
}
