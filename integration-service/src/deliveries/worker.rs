//! Empties the queue of deliveries: a bounded number at once, none of which waits for another.

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

/// How often the queue is looked at while nothing else happens.
const POLL: Duration = Duration::from_millis(250);
/// Interval of the look for held deliveries that wait for nothing.
const SWEEP: Duration = Duration::from_secs(5);
/// Pairs of endpoint and record that one sweep looks at.
const SWEPT: usize = 200;
/// How long to wait when the queue cannot be looked at.
const PAUSE: Duration = Duration::from_secs(2);
/// What a lease leaves for noting the outcome, beyond the receiver's deadline.
const NOTING: Duration = Duration::from_secs(20);

/// Sends deliveries until the process ends. What is then under way is finished while there is time; otherwise its
/// leases end and another process sends it again.
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
                tracing::warn!(%problem, "deliveries cannot be looked for now");
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

/// Gives where the next sweep goes on.
async fn sweep(deps: &Deps, place: Option<Place>) -> Option<Place> {
    let swept =
        deps.db.in_system(async |tx| order::release_forgotten(tx, place, SWEPT).await.map_err(Problem::from));
    swept.await.unwrap_or_else(|problem| {
        tracing::warn!(%problem, "held deliveries cannot be looked for now");
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

/// A delivery that panicked is sent again when its lease ends, at most as often as any other.
fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "sending a webhook broke off");
    }
}
