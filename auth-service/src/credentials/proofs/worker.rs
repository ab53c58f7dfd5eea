//! Worker that notifies tenant-service of proven addresses until it succeeds.

use std::time::Duration;

use actix_web::web::Data;
use contracts::{UserId, internal::tenants::NoteProof};
use platform::{
    Problem,
    client::CallError,
    worker::{Shutdown, backoff},
};

use super::store;
use crate::deps::Deps;

/// How long the person who proves their address waits for tenant-service.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_secs(1);
const BATCH: i64 = 50;
/// The pause between tries while tenant-service is away, seconds at most.
const LONGEST_PAUSE: f64 = 60.0;

/// Notifies tenant-service of one user right after the commit, so that access is open before the user gets the answer.
/// A failure is left to the worker.
pub async fn tell(deps: &Deps, user: UserId) {
    match tokio::time::timeout(PATIENCE, deps.peers.call(&NoteProof { user_id: user })).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::warn!(%error, user.id = %user, "tenant-service is told of a proven address later");
            return;
        }
        Err(_) => {
            tracing::warn!(user.id = %user, "tenant-service takes too long and is told of a proven address later");
            return;
        }
    }
    if let Err(problem) = forget(deps, user).await {
        // It will be sent again, which changes nothing.
        tracing::warn!(%problem, user.id = %user, "a proven address will be published again");
    }
}

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    loop {
        match tell_due(&deps).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(problem) => tracing::warn!(%problem, "proven addresses wait for the database"),
        }
        if !shutdown.sleep(PAUSE).await {
            return;
        }
    }
}

/// One round. Gives how many were tried.
///
/// # Errors
/// 503 when the database is away; notifications are repeated when their lease ends, which changes nothing.
pub async fn tell_due(deps: &Deps) -> Result<usize, Problem> {
    let due = deps.db.in_system(async |tx| store::claim(tx, BATCH).await.map_err(Problem::from)).await?;
    for waiting in &due {
        let user = waiting.user();
        match deps.peers.call(&NoteProof { user_id: user }).await {
            Ok(_) => forget(deps, user).await?,
            Err(error) => {
                match &error {
                    CallError::Away(..) => {
                        tracing::warn!(%error, "a proven address waits for tenant-service");
                    }
                    CallError::Refused(..) => {
                        tracing::error!(%error, "tenant-service refused to note a proven address");
                    }
                }
                let pause = backoff(waiting.attempts).as_secs_f64().min(LONGEST_PAUSE);
                let reason = error.to_string();
                deps.db
                    .in_system(async |tx| {
                        store::postpone(tx, user, pause, &reason).await.map_err(Problem::from)
                    })
                    .await?;
            }
        }
    }
    Ok(due.len())
}

async fn forget(deps: &Deps, user: UserId) -> Result<(), Problem> {
    deps.db.in_system(async |tx| store::delete(tx, user).await.map_err(Problem::from)).await?;
    Ok(())
}
