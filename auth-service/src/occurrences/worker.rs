//! Hands occurrences to tenant-service until it has taken each.

use std::time::Duration;

use actix_web::web::Data;
use contracts::internal::audit::{Occurrence, RecordOccurrences};
use platform::{
    Problem,
    client::CallError,
    worker::{Shutdown, backoff},
};
use uuid::Uuid;

use super::store::{self, Waiting};
use crate::deps::Deps;

const PAUSE: Duration = Duration::from_secs(1);
const BATCH: i64 = 200;
/// Tries after which what tenant-service does not want is left where it is.
const TRIES: i32 = 8;
/// The pause between tries while tenant-service is away, seconds at most.
const LONGEST_PAUSE: f64 = 60.0;

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    loop {
        match hand_over_due(&deps).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(problem) => tracing::warn!(%problem, "occurrences wait for the database"),
        }
        if !shutdown.sleep(PAUSE).await {
            return;
        }
    }
}

/// One round. Gives how many were tried.
///
/// # Errors
/// 503 when the database is away; what was handed over is handed over again when its lease ends, which changes nothing.
pub async fn hand_over_due(deps: &Deps) -> Result<usize, Problem> {
    let due = deps.db.in_system(async |tx| store::claim(tx, BATCH).await.map_err(Problem::from)).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let ids: Vec<Uuid> = due.iter().map(|waiting| waiting.id).collect();
    let outcome = hand_over(deps, &due).await;
    deps.db
        .in_system(async |tx| match &outcome {
            Ok(()) => store::delete(tx, &ids).await.map_err(Problem::from),
            Err((pause, reason)) => store::postpone(tx, &ids, *pause, reason).await.map_err(Problem::from),
        })
        .await?;
    Ok(due.len())
}

/// Seconds until the next try, if there is to be one, and what went wrong.
type Failure = (Option<f64>, String);

async fn hand_over(deps: &Deps, due: &[Waiting]) -> Result<(), Failure> {
    let concerned = due.iter().filter(|waiting| waiting.user_id.is_some());
    let read = concerned.map(|waiting| serde_json::from_value::<Occurrence>(waiting.occurrence.clone()));
    let occurrences: Vec<Occurrence> =
        read.collect::<Result<_, _>>().map_err(|fault| (None, fault.to_string()))?;
    if occurrences.is_empty() {
        return Ok(());
    }
    let attempts = due.iter().map(|waiting| waiting.attempts).max().unwrap_or(1);
    let pause = backoff(attempts).as_secs_f64();
    match deps.peers.call(&RecordOccurrences { occurrences }).await {
        Ok(_) => Ok(()),
        Err(error @ CallError::Away(..)) => {
            tracing::warn!(%error, "the audit of sign-ins waits for tenant-service");
            Err((Some(pause.min(LONGEST_PAUSE)), error.to_string()))
        }
        Err(error @ CallError::Refused(..)) => {
            let given_up = attempts >= TRIES;
            tracing::error!(given_up, %error, "tenant-service refused what happened to people's access");
            Err(((!given_up).then_some(pause), error.to_string()))
        }
    }
}
