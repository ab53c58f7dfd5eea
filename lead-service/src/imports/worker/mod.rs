//! Works through imports: takes one under a lease, looks at every row, then writes them batch by batch.

mod batches;
mod changes;
mod known;
mod prepared;
mod references;
mod resolve;
mod rights;
mod rows;
mod run;
mod undo;
mod validate;
mod write;

use std::{
    borrow::Cow,
    pin::{Pin, pin},
    time::Duration,
};

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use futures::future::{Either, select};
use platform::{
    Problem,
    http::context::{self, RequestContext},
    worker::Shutdown,
};
use tokio::time::Instant;
use uuid::Uuid;

use self::rights::Rights;
use super::{chunks, keeping, store, taken::TakenImport};
use crate::deps::Deps;

/// The time for which a worker may be silent before another takes over.
const LEASE: Duration = Duration::from_secs(30);
/// The pause before imports are looked for again.
const POLL: Duration = Duration::from_millis(500);
/// The time after which a paused import is tried again.
const PAUSE: Duration = Duration::from_secs(3_600);
/// The interval at which a lease is renewed while nothing is written, such as while a large workbook is unpacked.
const RENEWAL: Duration = Duration::from_secs(10);
/// The interval at which what was kept long enough is looked for.
const SWEEP: Duration = Duration::from_secs(3_600);

/// The end of a lease that is taken now.
fn lease() -> DateTime<Utc> {
    Utc::now() + LEASE
}

/// The reason why work on an import stopped.
enum Stop {
    /// The process stops, or another worker holds the import.
    Elsewhere,
    /// It cannot go on, for this reason: the import has failed.
    Ended(Cow<'static, str>),
    /// It may go on once something else has changed, for this reason.
    Paused(&'static str),
    /// Something is away; the import is tried again when the lease runs out.
    Failed(Problem),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

impl From<diesel::result::Error> for Stop {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Works until the process ends.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    let name = format!("{}-{}", std::process::id(), Uuid::now_v7().simple());
    let mut swept: Option<Instant> = None;
    while !shutdown.is_triggered() {
        let taken =
            deps.db.in_system(async |tx| store::take(tx, &name, lease()).await.map_err(Problem::from)).await;
        let is_idle = match taken {
            Ok(Some(import)) => {
                Box::pin(work(&deps, &import, &name, &shutdown)).await;
                false
            }
            Ok(None) => true,
            // Another worker has begun with one of the same tenant at this moment.
            Err(problem) if problem.code == "already_exists" => true,
            Err(problem) => {
                tracing::warn!(%problem, "imports cannot be taken now");
                true
            }
        };
        if swept.map_or(is_idle, |at| at.elapsed() > SWEEP) {
            swept = Some(Instant::now());
            sweep(&deps, &shutdown).await;
        }
        if is_idle {
            shutdown.sleep(POLL).await;
        }
    }
    let back = deps.db.in_system(async |tx| store::hand_back(tx, &name).await.map_err(Problem::from)).await;
    if let Err(problem) = back {
        tracing::warn!(%problem, "unfinished imports wait for their leases to run out");
    }
}

/// A paused import goes on: the reason for the pause is no longer shown.
async fn resume(deps: &Deps, import: &TakenImport) -> Result<(), Stop> {
    deps.db
        .in_tenant(import.tenant(), async |tx| {
            store::resume(tx, import.id).await?;
            Ok(())
        })
        .await
}

/// Forgets what was kept long enough: files that became no import, previews that were not started, rows of old imports.
async fn sweep(deps: &Deps, shutdown: &Shutdown) {
    let swept = deps.db.in_system(async |tx| {
        store::expire_previews(tx).await?;
        chunks::forget_strays(tx).await.map_err(Problem::from)
    });
    match swept.await {
        Ok(chunks) => tracing::debug!(chunks, "files that became no import are forgotten"),
        Err(problem) => tracing::warn!(%problem, "files that became no import stay a while longer"),
    }
    match keeping::sweep(&deps.db, shutdown).await {
        Ok(imports) => tracing::debug!(imports, "rows of old imports are forgotten"),
        Err(problem) => tracing::warn!(%problem, "rows of old imports stay a while longer"),
    }
}

/// Does what takes longer than a lease and writes nothing meanwhile, renewing the lease. It learns by itself when another worker
/// has taken the import.
async fn renewing<T>(
    deps: &Deps,
    import: &TakenImport,
    worker: &str,
    mut work: Pin<&mut impl Future<Output = T>>,
) -> T {
    loop {
        match select(work.as_mut(), pin!(tokio::time::sleep(RENEWAL))).await {
            Either::Left((done, _)) => return done,
            Either::Right(_) => {}
        }
        let renewal = deps.db.in_tenant(import.tenant(), async |tx| {
            store::hold(tx, import.id, worker, lease()).await.map_err(Problem::from)
        });
        let (renewed, done) = match select(work.as_mut(), pin!(renewal)).await {
            // A transaction that has begun comes to its end.
            Either::Left((done, renewal)) => (renewal.await, Some(done)),
            Either::Right((renewed, _)) => (renewed, None),
        };
        if let Err(problem) = renewed {
            tracing::debug!(import.id = %import.id, %problem, "a lease is not renewed now");
        }
        if let Some(done) = done {
            return done;
        }
    }
}

/// Does what is left to do of an import, as part of the request that started it.
async fn work(deps: &Deps, import: &TakenImport, worker: &str, shutdown: &Shutdown) {
    let context = RequestContext::continued(import.request_id.as_deref(), import.traceparent.as_deref());
    let done = pin!(context::within(context, async {
        let rights = Rights::look_up(deps, import).await?;
        if import.is_paused() {
            resume(deps, import).await?;
        }
        if import.is_undoing {
            undo::undo(deps, import, worker, shutdown, rights).await
        } else {
            run::run(deps, import, worker, shutdown, rights).await
        }
    }));
    match renewing(deps, import, worker, done).await {
        Ok(()) => tracing::info!(import.id = %import.id, "an import is over"),
        Err(Stop::Elsewhere) => tracing::info!(import.id = %import.id, "an import is left to another worker"),
        Err(Stop::Ended(sentence)) => {
            let failed = deps
                .db
                .in_tenant(import.tenant(), async |tx| {
                    store::finish(tx, import.id, Some(&sentence)).await.map_err(Problem::from)
                })
                .await;
            if let Err(problem) = failed {
                tracing::warn!(%problem, "a failed import is tried again");
            }
        }
        Err(Stop::Paused(sentence)) => {
            tracing::info!(import.id = %import.id, reason = sentence, "an import is paused");
            let paused = deps
                .db
                .in_tenant(import.tenant(), async |tx| {
                    store::pause(tx, import.id, sentence, Utc::now() + PAUSE).await.map_err(Problem::from)
                })
                .await;
            if let Err(problem) = paused {
                tracing::warn!(%problem, "a paused import is looked at again when its lease runs out");
            }
        }
        Err(Stop::Failed(problem)) => {
            tracing::warn!(import.id = %import.id, %problem, "an import is tried again when its lease runs out");
        }
    }
}
