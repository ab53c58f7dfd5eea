//! Hands jobs over to enrichment-service, until the process ends.

use std::time::Duration;

use actix_web::web::Data;
use chrono::Utc;
use contracts::internal::enrichments::StartJob;
use futures::future::join_all;
use platform::{
    Problem,
    worker::{Shutdown, backoff},
};

use super::store;
use crate::deps::Deps;

/// Handed over at a time.
const BATCH: i64 = 16;
/// How long to wait before looking again.
const POLL: Duration = Duration::from_millis(500);
/// Lease of a claimed request; longer than any call takes.
const LEASE: Duration = Duration::from_secs(60);
/// The longest pause between two tries.
const LONGEST: Duration = Duration::from_secs(600);

/// Works until the process ends. One that broke off between the call and its note hands over again, which changes
/// nothing there.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    while !shutdown.is_triggered() {
        let taken = deps.db.in_system(async |tx| store::take(tx, BATCH, Utc::now() + LEASE).await).await;
        match taken {
            Ok(taken) if !taken.is_empty() => {
                join_all(taken.iter().map(|(call, attempt)| hand_over(&deps, call, *attempt))).await;
            }
            Ok(_) => {
                shutdown.sleep(POLL).await;
            }
            Err(problem) => {
                tracing::warn!(%problem, "jobs cannot be handed over now");
                shutdown.sleep(POLL).await;
            }
        }
    }
}

async fn hand_over(deps: &Deps, call: &StartJob, attempt: i32) {
    let job = call.job.job_id;
    let noted = match deps.peers.call(call).await {
        Ok(answer) => {
            tracing::info!(job.id = %job, answer.is_new, "a job is handed over");
            deps.db.in_system(async |tx| store::remove(tx, job).await.map_err(Problem::from)).await
        }
        Err(error) => {
            tracing::warn!(job.id = %job, attempt, ?error, "a job is handed over later");
            let at = Utc::now() + backoff(attempt).min(LONGEST);
            deps.db.in_system(async |tx| store::postpone(tx, job, at).await.map_err(Problem::from)).await
        }
    };
    if let Err(problem) = noted {
        tracing::warn!(job.id = %job, %problem, "a job is handed over once more");
    }
}
