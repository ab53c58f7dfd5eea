//! Leased queues: rows of a table that wait to be worked on, each by one worker at a time, until that succeeds.
//!
//! A queue is a table of the service, with a uuid as key, `attempts`, and the time at which a row is due. What enqueues
//! is an `INSERT` in the transaction of its cause, so the work exists exactly if its cause does. A worker claims due rows
//! (`FOR NO KEY UPDATE SKIP LOCKED`) by moving that time into the future: until then the row is *leased* and no other
//! worker sees it. When the worker dies, the lease runs out and another one takes over.
//!
//! ```text
//!             claim                    run
//! due row ─────────────▶ leased row ─────────▶ Done::Finished   deleted, or marked as the table says
//!    ▲                       │                 Done::Settled    the run has written its end itself
//!    ├── lease ran out ◀─────┤                 Done::Again      due again later, with attempts from zero
//!    └── pause is over ◀─────┴──────────────── Err(Failure)     due again after a pause, or given up
//! ```
//!
//! # Example
//! ```ignore
//! create table letters (
//!     id uuid primary key,
//!     tenant_id uuid not null,
//!     address text not null,
//!     attempts integer not null default 0,
//!     next_attempt_at timestamptz default now(),   -- null: given up
//!     last_error text
//! );
//! create index letters_due_idx on letters (tenant_id, next_attempt_at) where next_attempt_at is not null;
//! select tenant_table('letters', 'insert');
//! select system_table('letters', 'select, update, delete');
//! ```
//! ```ignore
//! #[derive(QueryableByName)]
//! struct SendLetter {
//!     #[diesel(sql_type = SqlUuid)]
//!     tenant_id: Uuid,
//!     #[diesel(sql_type = Text)]
//!     address: String,
//! }
//!
//! impl Job for SendLetter {
//!     const NAME: &'static str = "letters";
//!     const TABLE: Table = Table {
//!         columns: "q.tenant_id, q.address",
//!         turns: Some(Turns { tenant: "tenant_id", only: ACTIVE_TENANTS }),
//!         ..Table::named("letters", "id")
//!     };
//!     type Deps = Deps;
//!
//!     fn db(deps: &Deps) -> &Db {
//!         &deps.db
//!     }
//!
//!     fn policy(_deps: &Deps) -> Policy {
//!         Policy { tries: Some(8), backoff: Backoff::DAY, ..Policy::default() }
//!     }
//!
//!     async fn run(self, deps: &Deps, _lease: &Lease) -> Result<Done, Failure> {
//!         deps.post_office.send(&self.address).await?;
//!         Ok(Done::Finished)
//!     }
//! }
//!
//! actix_web::rt::spawn(jobs::work::<SendLetter>(deps.clone(), shutdown.clone()));
//! ```
//!
//! # Rules
//! - A run may happen more than once: its worker may die after the effect and before the note. What it calls is
//!   idempotent, or it commits its effect and its end in one transaction: [`Lease::hold`] in [`Db::in_tenant`], then
//!   [`Done::Settled`].
//! - The end of a lease is its identity. A worker that was overtaken, or finds that others made the row due
//!   meanwhile, writes nothing: the row is simply due again.
//! - A run is cut off before its lease ends and counts as failed. Long work does a part and answers [`Done::Again`].
//! - Claims and ends are made in the system role, which sees rows of all tenants; what a run does for a tenant it does
//!   in [`Db::in_tenant`], behind the policies.
//! - With [`Turns`], the tenant with the fewest jobs running goes first, so that a thousand rows of one tenant do not hold
//!   up one of another.
//! - Metrics by queue: `queue_items` and `queue_oldest_seconds` of what waits and what is due, `jobs_total` by outcome.
//! - When the process ends, nothing more is claimed; runs get a second to end, the others are due again at once.

mod outcome;
mod table;
mod worker;

use std::{sync::Arc, time::Duration};

use diesel::{deserialize::QueryableByName, pg::Pg};

use crate::{
    db::Db,
    http::context::{self, RequestContext},
    retry::Backoff,
};

pub use outcome::{Done, Failure};
pub use table::{ACTIVE_TENANTS, ANY_TENANT, Claimed, End, Lease, PROVEN_TENANTS, Table, Turns, measure};
pub use worker::{claim_one, run, run_due, work};

/// A row of a queue, with the columns that its run needs.
#[expect(async_fn_in_trait, reason = "called by our own worker only, on one thread")]
pub trait Job: QueryableByName<Pg> + Send + 'static {
    /// Name of the queue in metrics and log.
    const NAME: &'static str;
    /// Where its rows are.
    const TABLE: Table;
    /// Whether the reason of a failure may hold personal data: it is then stored and not logged.
    const REASONS_ARE_PRIVATE: bool = false;
    /// What it runs with: the service's dependencies.
    type Deps: 'static;

    /// The database that holds the queue.
    fn db(deps: &Self::Deps) -> &Db;

    /// When and how often it runs.
    fn policy(_deps: &Self::Deps) -> Policy {
        Policy::default()
    }

    /// The request that its run goes on with, for calls and events.
    fn context(&self) -> Arc<RequestContext> {
        context::current().unwrap_or_else(|| RequestContext::background(None))
    }

    /// Ends when something was enqueued, so that it need not wait for the next look.
    async fn woken(_deps: &Self::Deps) {
        std::future::pending::<()>().await;
    }

    /// Does the work.
    async fn run(self, deps: &Self::Deps, lease: &Lease) -> Result<Done, Failure>;
}

/// When and how often the jobs of a queue run.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Failed runs after which a job is given up; never if there is no number.
    pub tries: Option<i32>,
    /// Pauses between tries.
    pub backoff: Backoff,
    /// How long a claimed row belongs to its worker; a run is cut off a little earlier.
    pub lease: Duration,
    /// Most jobs that one process runs at a time.
    pub concurrency: usize,
    /// Most of them that are of one tenant.
    pub per_tenant: usize,
    /// How often to look for due rows.
    pub poll: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            tries: None,
            backoff: Backoff::MINUTE,
            lease: Duration::from_secs(60),
            concurrency: 8,
            per_tenant: 8,
            poll: Duration::from_secs(1),
        }
    }
}
