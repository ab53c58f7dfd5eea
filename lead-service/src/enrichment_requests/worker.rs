//! Queue of jobs for enrichment-service. One that broke off between the call and its note is handed over again, which
//! changes nothing there.

use std::time::Duration;

use actix_web::web::Data;
use platform::{
    db::Db,
    jobs::{self, ACTIVE_TENANTS, Done, Failure, Job, Lease, Policy, Table, Turns},
    retry::Backoff,
    worker::Shutdown,
};

use super::store::Handoff;
use crate::deps::Deps;

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, shutdown: Shutdown) {
    jobs::work::<Handoff>(deps, shutdown).await;
}

impl Job for Handoff {
    const NAME: &'static str = "enrichment_handoffs";
    const TABLE: Table = Table {
        columns: "q.tenant_id, q.kind, q.subject_type, q.subject_id, q.input, q.started_by, q.request_id, q.traceparent",
        turns: Some(Turns { tenant: "tenant_id", only: ACTIVE_TENANTS }),
        keeps_errors: false,
        ..Table::named("enrichment_handoffs", "job_id")
    };
    type Deps = Deps;

    fn db(deps: &Deps) -> &Db {
        &deps.db
    }

    fn policy(_deps: &Deps) -> Policy {
        let backoff = Backoff { longest: Duration::from_secs(600), ..Backoff::DAY };
        Policy { backoff, concurrency: 16, poll: Duration::from_millis(500), ..Policy::default() }
    }

    async fn run(self, deps: &Deps, lease: &Lease) -> Result<Done, Failure> {
        let answer = deps.peers.call(&self.into_call(lease.key)?).await?;
        tracing::info!(answer.is_new, "a job is handed over");
        Ok(Done::Finished)
    }
}
