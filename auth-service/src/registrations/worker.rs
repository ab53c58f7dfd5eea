//! Goes on asking for tenants that could not be made while their registration waited.

use std::time::Duration;

use actix_web::web::Data;
use platform::{Problem, worker::Shutdown, worker::backoff};

use super::{
    founding::{self, Outcome},
    store,
};
use crate::deps::Deps;

const PAUSE: Duration = Duration::from_secs(2);
/// Longer than one request to tenant-service takes with all its tries.
const LEASE: Duration = Duration::from_secs(60);
/// A user waits to sign in, so the pause grows to a minute at most.
const LONGEST_BACKOFF: i32 = 3;

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    loop {
        if let Err(problem) = take_up_due(&deps).await {
            tracing::warn!(%problem, "foundings could not be taken up");
        }
        if !shutdown.sleep(PAUSE).await {
            return;
        }
    }
}

/// One round. Gives how many were tried.
///
/// # Errors
/// 503 when the database is away.
pub async fn take_up_due(deps: &Deps) -> Result<usize, Problem> {
    let due = deps.db.in_system(async |tx| store::take_due(tx, LEASE).await.map_err(Problem::from)).await?;
    for founding in &due {
        if matches!(founding::complete(deps, founding).await?, Outcome::Open) {
            let pause = backoff(founding.attempts.min(LONGEST_BACKOFF));
            deps.db
                .in_system(async |tx| store::put_off(tx, founding, pause).await.map_err(Problem::from))
                .await?;
        }
    }
    Ok(due.len())
}
