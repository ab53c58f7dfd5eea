//! Concurrent submissions share commits: while one commit runs, what arrives is gathered for the next.
//!
//! One writer commits at a time: the more submissions share a commit, the less each costs. A commit that takes
//! longer than [`PATIENCE`] is passed by the next writer, so that no request waits for another tenant's lock.

use std::{rc::Rc, time::Duration};

use contracts::TenantId;
use platform::{
    Problem,
    db::{Db, placement::concerns_one_tenant},
};
use tokio::{
    sync::{Mutex, Semaphore, mpsc, oneshot},
    time::timeout,
};

use super::store::{self, Prepared, Taken};
use crate::config::IngestConfig;

/// Races that a batch may lose before it is given up.
const RACES: usize = 8;

/// How long a writer lets another one's commit be the only one.
const PATIENCE: Duration = Duration::from_millis(25);

struct Waiting {
    tenant: TenantId,
    prepared: Prepared,
    answer: oneshot::Sender<Result<Taken, Problem>>,
}

/// Takes submissions and answers each once it is on disk.
#[derive(Clone)]
pub struct Batcher {
    queue: mpsc::Sender<Waiting>,
}

impl Batcher {
    /// Starts the writers on this thread's runtime.
    pub fn start(db: &Db, config: IngestConfig) -> Self {
        let (queue, waiting) = mpsc::channel(config.queue);
        let waiting = Rc::new(Mutex::new(waiting));
        let turn = Rc::new(Semaphore::new(1));
        for _ in 0..config.writers.max(1) {
            let writer = Writer { db: db.clone(), queue: waiting.clone(), turn: turn.clone() };
            actix_web::rt::spawn(writer.run(config.batch.max(1)));
        }
        Self { queue }
    }

    /// Stores a submission; answers when its commit is on disk.
    ///
    /// # Errors
    /// What is wrong with the submission; 503 when too many wait already or the database is away.
    pub async fn submit(&self, tenant: TenantId, prepared: Prepared) -> Result<Taken, Problem> {
        let (answer, answered) = oneshot::channel();
        self.queue
            .try_send(Waiting { tenant, prepared, answer })
            .map_err(|_| Problem::unavailable("too many submissions wait for a commit"))?;
        answered.await.unwrap_or_else(|_| Err(Problem::unavailable("the writer of submissions ended")))
    }
}

struct Writer {
    db: Db,
    queue: Rc<Mutex<mpsc::Receiver<Waiting>>>,
    turn: Rc<Semaphore>,
}

impl Writer {
    async fn run(self, most: usize) {
        let mut batch = Vec::with_capacity(most);
        loop {
            let mut queue = self.queue.lock().await;
            // The turn is waited for before the batch is taken, so that it grows meanwhile. Without it after so long, the
            // commit under way is held up by something that is no business of those who wait here.
            let turn = timeout(PATIENCE, self.turn.acquire()).await;
            if queue.recv_many(&mut batch, most).await == 0 {
                return;
            }
            drop(queue);
            metrics::histogram!("ingest_batch_size")
                .record(f64::from(u32::try_from(batch.len()).unwrap_or(u32::MAX)));
            store_batch(&self.db, std::mem::take(&mut batch)).await;
            drop(turn);
        }
    }
}

async fn store_batch(db: &Db, mut batch: Vec<Waiting>) {
    // Stable, so that submissions of a tenant keep their order.
    batch.sort_by_key(|waiting| waiting.tenant);
    let portions = batch.chunk_by(|one, next| one.tenant == next.tenant).filter_map(|portion| {
        let tenant = portion.first()?.tenant;
        Some((tenant, portion.iter().map(|waiting| &waiting.prepared).collect::<Vec<_>>()))
    });
    let portions: Vec<_> = portions.collect();
    let stored = unless_raced(async || {
        let portions = portions.clone();
        db.in_tenants(portions, async |tx, portion: Vec<&Prepared>| store::insert(tx, &portion).await).await
    })
    .await;
    match stored {
        Ok(taken) => {
            for (waiting, taken) in batch.into_iter().zip(taken.into_iter().flatten()) {
                answer(waiting.answer, Ok(taken));
            }
        }
        Err(problem) if problem.status.is_server_error() && !concerns_one_tenant(&problem) => {
            for waiting in batch {
                answer(waiting.answer, Err(problem.clone()));
            }
        }
        // One of them is at fault: each is taken alone, so that it fails alone.
        Err(_) => {
            for waiting in batch {
                let stored = unless_raced(async || {
                    db.in_tenant(waiting.tenant, async |tx| store::take_in(tx, &waiting.prepared).await).await
                });
                answer(waiting.answer, stored.await);
            }
        }
    }
}

/// Retries while another writer stores the same people at the same time: afterwards they are known.
pub async fn unless_raced<T>(work: impl AsyncFn() -> Result<T, Problem>) -> Result<T, Problem> {
    for _ in 0..RACES {
        match work().await {
            Err(problem) if store::is_raced(&problem) => {
                metrics::counter!("ingest_races").increment(1);
            }
            done => return done,
        }
    }
    work().await
}

fn answer(to: oneshot::Sender<Result<Taken, Problem>>, taken: Result<Taken, Problem>) {
    // The client may be gone; stored submissions stay stored.
    let _listening = to.send(taken);
}
