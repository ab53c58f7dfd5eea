//! The loop that claims jobs and runs them.

use std::{collections::HashMap, marker::PhantomData, panic::AssertUnwindSafe, time::Duration};

use actix_web::web::Data;
use contracts::TenantId;
use futures::{FutureExt, future::join_all};
use tokio::task::{Id, JoinError, JoinSet};
use tracing::Instrument;
use uuid::Uuid;

use super::{
    Job, Policy,
    outcome::{Done, Failure},
    table::{self, Claimed, Lease, Pick, measure},
};
use crate::{
    http::{context, problem::Problem},
    worker::{Shutdown, every},
};

/// How long runs may take to end when the process does, which gives background work two seconds.
const GRACE: Duration = Duration::from_secs(1);
/// How often a queue is measured.
const MEASURED: Duration = Duration::from_secs(15);

/// Runs the jobs of a queue until the process ends.
pub async fn work<J: Job>(deps: Data<J::Deps>, shutdown: Shutdown) {
    let measuring = every(J::NAME, MEASURED, shutdown.clone(), async || measure::<J>(&deps).await);
    futures::join!(measuring, run_until_the_end::<J>(&deps, shutdown));
}

async fn run_until_the_end<J: Job>(deps: &Data<J::Deps>, mut shutdown: Shutdown) {
    let policy = J::policy(deps);
    let mut runs = Runs::<J>::new();
    while !shutdown.is_triggered() {
        let free = policy.concurrency.saturating_sub(runs.held.len());
        let claimed = runs.start(deps, &policy, free).await;
        // Claims that found none are not repeated at every end, unless tenants have as many running as they may. Fewer
        // than asked for may be left by other processes, which pick the same rows.
        let is_empty = claimed == 0 && free > 0 && policy.per_tenant >= policy.concurrency;
        let looks_again = tokio::time::sleep(policy.poll);
        tokio::pin!(looks_again);
        loop {
            tokio::select! {
                () = runs.ended(), if !runs.held.is_empty() => if !is_empty { break },
                () = J::woken(deps) => break,
                () = &mut looks_again => break,
                () = shutdown.triggered() => break,
            }
        }
    }
    runs.finish(deps).await;
}

/// The runs of this process.
struct Runs<J> {
    tasks: JoinSet<()>,
    held: HashMap<Id, Lease>,
    of: PhantomData<J>,
}

impl<J: Job> Runs<J> {
    fn new() -> Self {
        Self { tasks: JoinSet::new(), held: HashMap::new(), of: PhantomData }
    }

    /// Claims and starts as many. Gives how many there were.
    async fn start(&mut self, deps: &Data<J::Deps>, policy: &Policy, most: usize) -> usize {
        if most == 0 {
            return 0;
        }
        let running: Vec<TenantId> = self.held.values().filter_map(|lease| lease.tenant).collect();
        let claimed = match table::claim::<J>(J::db(deps), policy, most, Pick::Next(&running)).await {
            Ok(claimed) => claimed,
            Err(problem) => {
                tracing::warn!(queue = J::NAME, %problem, "jobs wait for the database");
                return 0;
            }
        };
        let count = claimed.len();
        for job in claimed {
            let (lease, deps) = (job.lease, deps.clone());
            let task = self.tasks.spawn_local(async move { run::<J>(&deps, job).await });
            self.held.insert(task.id(), lease);
        }
        count
    }

    /// Waits until one has ended, and takes note of all that have.
    async fn ended(&mut self) {
        let mut next = self.tasks.join_next_with_id().await;
        while let Some(ended) = next {
            let id = ended.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
            self.held.remove(&id);
            if let Err(error) = ended {
                tracing::error!(queue = J::NAME, %error, "a run broke off");
            }
            next = self.tasks.try_join_next_with_id();
        }
    }

    /// Lets runs end that are about to, and gives the others back to be claimed at once.
    async fn finish(mut self, deps: &J::Deps) {
        let ending = async {
            while !self.held.is_empty() {
                self.ended().await;
            }
        };
        if tokio::time::timeout(GRACE, ending).await.is_ok() {
            return;
        }
        self.tasks.shutdown().await;
        let left: Vec<Lease> = self.held.into_values().collect();
        match table::hand_back::<J>(J::db(deps), &left).await {
            Ok(jobs) => tracing::info!(queue = J::NAME, jobs, "unfinished jobs are handed back"),
            Err(problem) => {
                tracing::warn!(queue = J::NAME, %problem, "unfinished jobs wait for their leases to run out");
            }
        }
    }
}

/// Claims what is due and runs it, once. Gives how many jobs that were.
///
/// # Errors
/// 503 when the database is away.
pub async fn run_due<J: Job>(deps: &J::Deps) -> Result<usize, Problem> {
    let policy = J::policy(deps);
    let claimed = table::claim::<J>(J::db(deps), &policy, policy.concurrency, Pick::Next(&[])).await?;
    Ok(join_all(claimed.into_iter().map(|job| run::<J>(deps, job))).await.len())
}

/// Claims the job with this key, if it is due.
///
/// # Errors
/// 503 when the database is away.
pub async fn claim_one<J: Job>(deps: &J::Deps, key: Uuid) -> Result<Option<Claimed<J>>, Problem> {
    Ok(table::claim::<J>(J::db(deps), &J::policy(deps), 1, Pick::One(key)).await?.pop())
}

/// Runs a claimed job and writes what it came to.
pub async fn run<J: Job>(deps: &J::Deps, claimed: Claimed<J>) {
    let Claimed { lease, job } = claimed;
    let policy = J::policy(deps);
    let span = tracing::info_span!("job", queue = J::NAME, job.id = %lease.key, job.attempt = lease.attempt);
    let context = job.context();
    let work = async {
        let outcome = attempt(job, deps, &policy, &lease).await;
        let db = J::db(deps);
        let concluded =
            db.in_system(async |tx| Ok(table::conclude::<J>(tx, &policy, &lease, &outcome).await?));
        match concluded.await {
            Ok(name) => report::<J>(name, outcome.err()),
            Err(problem) => {
                let problem: Problem = problem;
                tracing::warn!(%problem, "a job waits for its lease to run out");
            }
        }
    };
    context::within(context, work.instrument(span)).await;
}

/// Runs the job, which neither takes longer than its lease nor takes others with it when it panics.
async fn attempt<J: Job>(job: J, deps: &J::Deps, policy: &Policy, lease: &Lease) -> Result<Done, Failure> {
    // A try that broke off may have been the last through no fault of its own: one more is granted.
    if policy.tries.is_some_and(|tries| lease.attempt > tries + 1) {
        return Err(Failure::lasting("run after run broke off"));
    }
    let running = AssertUnwindSafe(job.run(deps, lease)).catch_unwind();
    match tokio::time::timeout(policy.lease.mul_f64(0.9), running).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(Failure::passing("it panicked")),
        Err(_) => Err(Failure::passing("it took longer than its lease")),
    }
}

fn report<J: Job>(outcome: &'static str, failure: Option<Failure>) {
    metrics::counter!("jobs_total", "queue" => J::NAME, "outcome" => outcome).increment(1);
    let reason = failure.map(|failure| failure.reason).filter(|_| !J::REASONS_ARE_PRIVATE);
    match outcome {
        "given_up" => tracing::error!(reason, "a job is given up"),
        "retried" | "postponed" => tracing::warn!(reason, "a job is tried again later"),
        "overtaken" => tracing::info!(reason, "a job was changed or claimed by others meanwhile"),
        _ => tracing::info!(outcome, "a job has run"),
    }
}
