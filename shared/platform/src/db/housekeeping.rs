//! Forgets what has served its time: kept answers after a day, notes of handled events after a month.

use std::time::Duration;

use crate::db::Cacheable;
use diesel_async::RunQueryDsl;

use super::pool::Db;
use crate::{
    http::problem::Problem,
    worker::{Shutdown, every},
};

const PAUSE: Duration = Duration::from_secs(600);

/// Old rows to delete, a thousand at a time so that locks are short.
const SPENT: [&str; 2] = [
    "DELETE FROM idempotency_keys WHERE ctid IN (SELECT ctid FROM idempotency_keys \
     WHERE created_at < now() - interval '24 hours' LIMIT 1000)",
    // A stream is trimmed once all groups have acknowledged it, so that an event a month old cannot come again.
    "DELETE FROM inbox WHERE ctid IN (SELECT ctid FROM inbox \
     WHERE status = 'COMPLETED' AND handled_at < now() - interval '30 days' LIMIT 1000)",
];

/// Cleans up every ten minutes until the process ends.
pub async fn run(db: Db, shutdown: Shutdown) {
    every("housekeeping", PAUSE, shutdown, async || sweep(&db).await.map(drop)).await;
}

/// Deletes everything that has served its time. Gives how many rows that were.
///
/// # Errors
/// 503 when the database is away; what was deleted until then stays deleted.
pub async fn sweep(db: &Db) -> Result<usize, Problem> {
    let mut deleted = 0;
    for statement in SPENT {
        loop {
            let rows = db
                .in_system(async |tx| {
                    diesel::sql_query(statement).cached().execute(&mut **tx).await.map_err(Problem::from)
                })
                .await?;
            deleted += rows;
            if rows < 1_000 {
                break;
            }
        }
    }
    Ok(deleted)
}
