//! Worker for moves that no process has claimed: new ones, failed ones that are due, and those of a process that ended.

use std::time::Duration;

use actix_web::web::Data;
use platform::{Problem, worker::Shutdown};

use super::{saga, store};
use crate::deps::Deps;

const POLL: Duration = Duration::from_secs(1);
const BATCH: i64 = 8;

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    while shutdown.sleep(POLL).await {
        match deps.db.in_system(async |tx| store::claim(tx, None, BATCH).await.map_err(Problem::from)).await {
            Ok(jobs) => jobs.into_iter().for_each(|job| saga::spawn(deps.clone(), job)),
            Err(problem) => tracing::warn!(%problem, "tenants on the move wait for the database"),
        }
    }
}
