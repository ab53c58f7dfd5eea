//! Worker that notifies services of tenant states until all have acknowledged.

use std::time::Duration;

use actix_web::web::Data;
use platform::{Problem, worker::Shutdown};

use super::{saga, store};
use crate::deps::Deps;

const POLL: Duration = Duration::from_secs(1);
const BATCH: i64 = 8;

/// Runs until the process ends; woken when a tenant's state changes.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    while !shutdown.is_triggered() {
        let due =
            deps.db.in_system(async |tx| store::claim(tx, None, BATCH).await.map_err(Problem::from)).await;
        match due {
            Ok(jobs) => jobs.into_iter().for_each(|job| drop(saga::spawn(deps.clone(), job))),
            Err(problem) => tracing::warn!(%problem, "tenants wait for the database"),
        }
        tokio::select! {
            () = deps.tenant_changed.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            () = shutdown.triggered() => {}
        }
    }
}
