//! Works through jobs: takes what is due under a lease, runs several at once, hands back what is left when it ends.

mod run;
mod store;

use std::time::Duration;

use actix_web::{
    rt::{self, task::JoinHandle},
    web::Data,
};
use chrono::Utc;
use futures::{StreamExt, stream::FuturesUnordered};
use platform::{Problem, db::Db, worker::Shutdown};
use uuid::Uuid;

use crate::{deps::Deps, jobs::domain::TakenJob};

/// How long runs under way may take to finish when the process ends.
const GRACE: Duration = Duration::from_secs(1);

/// Runs jobs until the process ends.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    let name = format!("{}-{}", std::process::id(), Uuid::now_v7().simple());
    let mut running: FuturesUnordered<JoinHandle<()>> = FuturesUnordered::new();
    while !shutdown.is_triggered() {
        match take(&deps, &name, deps.worker.concurrency - running.len()).await {
            Ok(jobs) => running.extend(jobs.into_iter().map(|job| rt::spawn(run::run(deps.clone(), job)))),
            Err(problem) => tracing::warn!(%problem, "jobs cannot be taken now"),
        }
        tokio::select! {
            Some(ended) = running.next(), if !running.is_empty() => {
                if let Err(error) = ended {
                    // The job's lease runs out and it is tried again.
                    tracing::error!(%error, "a run of a job broke off");
                }
            }
            () = tokio::time::sleep(deps.worker.poll) => {}
            () = shutdown.triggered() => {}
        }
    }
    finish(&deps, &name, running).await;
}

async fn take(deps: &Deps, worker: &str, free: usize) -> Result<Vec<TakenJob>, Problem> {
    if free == 0 {
        return Ok(Vec::new());
    }
    let until = Utc::now() + deps.worker.lease();
    deps.db.in_system(async |tx| store::take(tx, worker, free, until).await).await
}

/// Lets runs end that are about to, and gives the others back to be taken at once.
async fn finish(deps: &Deps, worker: &str, mut running: FuturesUnordered<JoinHandle<()>>) {
    let ending = async { while running.next().await.is_some() {} };
    if tokio::time::timeout(GRACE, ending).await.is_ok() {
        return;
    }
    for run in &running {
        run.abort();
    }
    match deps.db.in_system(async |tx| store::hand_back(tx, worker).await.map_err(Problem::from)).await {
        Ok(jobs) => tracing::info!(jobs, "unfinished jobs are handed back"),
        Err(problem) => tracing::warn!(%problem, "unfinished jobs wait for their leases to run out"),
    }
}

/// Makes the coming months' partitions, now and every day.
pub async fn make_partitions(db: Db, mut shutdown: Shutdown) {
    loop {
        let made = db.in_system(async |tx| store::make_partitions(tx).await.map_err(Problem::from)).await;
        let pause = match made {
            Ok(_) => Duration::from_secs(24 * 60 * 60),
            Err(problem) => {
                tracing::warn!(%problem, "partitions cannot be made now");
                Duration::from_secs(60)
            }
        };
        if !shutdown.sleep(pause).await {
            return;
        }
    }
}
