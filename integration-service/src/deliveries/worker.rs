//! Worker of the delivery queue: a limited number of concurrent deliveries.

use std::time::{Duration, Instant};

use actix_web::web::Data;
use platform::{Problem, worker::Shutdown};
use tokio::task::{JoinError, JoinSet};

use super::{
    order::{self, Place},
    queue::{self, Claimed},
    sender,
};
use crate::deps::Deps;

/// Polling interval of the queue.
const POLL: Duration = Duration::from_millis(250);
/// Interval of the sweep for held deliveries without a reason to wait.
const SWEEP: Duration = Duration::from_secs(5);
/// Pairs of endpoint and record per sweep.
const SWEPT: usize = 200;
/// Pause after a failed claim.
const PAUSE: Duration = Duration::from_secs(2);
/// Part of a lease for storing the outcome, beyond the receiver's deadline.
const NOTING: Duration = Duration::from_secs(20);

/// Sends deliveries until the process ends. Deliveries under way are then finished while there is time; otherwise their
/// leases end and another process sends them again.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    let mut under_way = JoinSet::new();
    let (mut swept, mut place) = (Instant::now(), None);
    while !shutdown.is_triggered() {
        let mut pause = POLL;
        if swept.elapsed() >= SWEEP {
            swept = Instant::now();
            place = sweep(&deps, place).await;
        }
        match claim(&deps, under_way.len()).await {
            Ok(claimed) => {
                for delivery in claimed {
                    under_way.spawn_local(sender::carry_out(deps.clone(), delivery));
                }
            }
            Err(problem) => {
                tracing::warn!(%problem, "deliveries cannot be claimed now");
                pause = PAUSE;
            }
        }
        tokio::select! {
            Some(ended) = under_way.join_next() => {
                note(ended);
                while let Some(ended) = under_way.try_join_next() {
                    note(ended);
                }
            }
            () = tokio::time::sleep(pause) => {}
            () = shutdown.triggered() => {}
        }
    }
    while let Some(ended) = under_way.join_next().await {
        note(ended);
    }
}

/// Returns the place at which the next sweep continues.
async fn sweep(deps: &Deps, place: Option<Place>) -> Option<Place> {
    let swept =
        deps.db.in_system(async |tx| order::release_forgotten(tx, place, SWEPT).await.map_err(Problem::from));
    swept.await.unwrap_or_else(|problem| {
        tracing::warn!(%problem, "held deliveries cannot be checked now");
        place
    })
}

async fn claim(deps: &Deps, under_way: usize) -> Result<Vec<Claimed>, Problem> {
    let config = deps.deliveries;
    let free = config.at_once.saturating_sub(under_way);
    if free == 0 {
        return Ok(Vec::new());
    }
    let most = i64::try_from(free).unwrap_or(i64::MAX);
    let lease = config.deadline + NOTING;
    deps.db
        .in_system(async |tx| {
            queue::claim(tx, most, config.at_once_per_endpoint, lease).await.map_err(Problem::from)
        })
        .await
}

/// A delivery with a task that panicked is sent again when its lease ends, within the usual number of tries.
fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "the task of a webhook panicked");
    }
}
