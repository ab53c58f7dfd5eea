//! Queue of tenants that could not be made while their registration waited.

use std::time::Duration;

use actix_web::web::Data;
use platform::{
    db::Db,
    jobs::{self, Done, Failure, Job, Lease, Policy, Table},
    retry::Backoff,
    worker::Shutdown,
};

use super::{
    founding::{self, Outcome},
    store::FoundingRow,
};
use crate::deps::Deps;

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, shutdown: Shutdown) {
    jobs::work::<FoundingRow>(deps, shutdown).await;
}

impl Job for FoundingRow {
    const NAME: &'static str = "tenant_foundings";
    const TABLE: Table = Table {
        columns: "q.user_id, q.new_tenant_id, q.client_id, q.name, q.website",
        keeps_errors: false,
        ..Table::named("tenant_foundings", "user_id")
    };
    type Deps = Deps;

    fn db(deps: &Deps) -> &Db {
        &deps.db
    }

    fn policy(_deps: &Deps) -> Policy {
        // A user waits to sign in.
        let backoff = Backoff { longest: Duration::from_secs(60), ..Backoff::DAY };
        Policy { backoff, ..Policy::default() }
    }

    async fn run(self, deps: &Deps, _lease: &Lease) -> Result<Done, Failure> {
        match founding::complete(deps, &self.into()).await? {
            Outcome::Founded(_) | Outcome::Refused(_) => Ok(Done::Settled),
            Outcome::Open => Err(Failure::passing("tenant-service has not answered yet")),
        }
    }
}
