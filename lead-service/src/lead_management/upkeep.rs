//! Sorts the texts of new leads into the index of searches, so that no submission has to.

use std::time::Duration;

use diesel::{QueryableByName, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, Db},
    worker::Shutdown,
};
use tokio::time::Instant;

/// While leads come in: often enough that a search looks through few that are not sorted in, and seldom enough that
/// many are sorted in at once, which costs each of them less.
const BUSY: Duration = Duration::from_millis(500);
/// While none come in: before the fastest import has filled the list.
const IDLE: Duration = Duration::from_secs(2);
/// How often the schemas of single tenants are looked through, of which there may be hundreds.
const SCHEMAS: Duration = Duration::from_secs(10);

/// Sorts in what has gathered, until the process ends.
pub async fn run(db: Db, mut shutdown: Shutdown) {
    let (mut pause, mut schemas_at) = (IDLE, Instant::now());
    while shutdown.sleep(pause).await {
        let mut sorted = sort_in(&db).await;
        if schemas_at.elapsed() > SCHEMAS {
            schemas_at = Instant::now();
            sorted = sort_in_everywhere(&db).await.and(sorted);
        }
        pause = match sorted {
            Ok(0) => IDLE,
            Ok(_) => BUSY,
            Err(problem) => {
                tracing::warn!(%problem, "new leads are sorted in later; searches look through them meanwhile");
                IDLE
            }
        };
    }
}

#[derive(QueryableByName)]
struct SortedIn {
    #[diesel(sql_type = BigInt)]
    pages: i64,
}

/// Those in `public`. Gives how many pages they took.
async fn sort_in(db: &Db) -> Result<i64, Problem> {
    db.in_system(async |tx| {
        let sorted: SortedIn =
            diesel::sql_query("SELECT sort_in_new_leads() AS pages").cached().get_result(&mut **tx).await?;
        Ok(sorted.pages)
    })
    .await
}

/// Those in the schemas of single tenants, too.
async fn sort_in_everywhere(db: &Db) -> Result<(), Problem> {
    db.in_system(async |tx| {
        diesel::sql_query("SELECT in_every_schema('sort_in_new_leads')").cached().execute(&mut **tx).await?;
        Ok(())
    })
    .await
}
