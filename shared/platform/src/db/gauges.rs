//! Metrics of a service's database: connections, and the length and age of each queue.

use std::time::Duration;

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Double},
};
use diesel_async::RunQueryDsl;

use super::{Cacheable, pool::Db};
use crate::{
    http::problem::Problem,
    worker::{Shutdown, every},
};

const PAUSE: Duration = Duration::from_secs(15);

/// A table of work, each row with a status and the time it was made. An index finds the rows of each state that is
/// looked at.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    /// The table, which is its name in the metrics, too.
    pub table: &'static str,
    /// The states that are looked at.
    pub states: &'static [&'static str],
}

/// Events that the relay has not sent, and those of others that wait for another try. Counting stops at 10,000, so that
/// a long queue costs no more: that figure means "at least".
const OWN: [(&str, &str, &str); 2] = [
    (
        "outbox",
        "unsent",
        "SELECT e.created_at FROM outbox o JOIN events e ON e.id = o.event_id WHERE o.sent_ms IS NULL \
         ORDER BY o.position LIMIT 10000",
    ),
    (
        "inbox",
        "waiting",
        "SELECT created_at FROM inbox WHERE status IN ('PENDING', 'PROCESSING') ORDER BY next_attempt_at LIMIT 10000",
    ),
];

#[derive(QueryableByName)]
struct Depth {
    #[diesel(sql_type = BigInt)]
    items: i64,
    #[diesel(sql_type = Double)]
    oldest_seconds: f64,
}

/// Looks every 15 seconds until the process ends.
pub async fn run(db: Db, queues: &'static [Queue], shutdown: Shutdown) {
    every("gauges", PAUSE, shutdown, async || look(&db, queues).await).await;
}

/// Looks once.
///
/// # Errors
/// 503 when the database is away.
pub async fn look(db: &Db, queues: &'static [Queue]) -> Result<(), Problem> {
    for (pool, (in_use, open)) in db.pool_states() {
        metrics::gauge!("db_connections", "pool" => pool, "state" => "in_use").set(in_use);
        metrics::gauge!("db_connections", "pool" => pool, "state" => "open").set(open);
    }
    for (queue, state, rows) in OWN {
        measure(db, queue, state, rows).await?;
    }
    for Queue { table, states } in queues {
        for state in *states {
            let rows = format!("SELECT created_at FROM {table} WHERE status = '{state}' LIMIT 10000");
            measure(db, table, state, &rows).await?;
        }
    }
    Ok(())
}

async fn measure(db: &Db, queue: &'static str, state: &'static str, rows: &str) -> Result<(), Problem> {
    let sql = format!(
        "SELECT count(*) AS items, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 \
         AS oldest_seconds FROM ({rows}) waiting"
    );
    let depth: Depth = db
        .in_system(async |tx| {
            diesel::sql_query(sql).cached().get_result(&mut **tx).await.map_err(Problem::from)
        })
        .await?;
    let items = u32::try_from(depth.items).unwrap_or(u32::MAX);
    metrics::gauge!("queue_items", "queue" => queue, "state" => state).set(items);
    metrics::gauge!("queue_oldest_seconds", "queue" => queue, "state" => state).set(depth.oldest_seconds);
    Ok(())
}
