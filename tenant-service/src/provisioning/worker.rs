//! Queue of tenant states that services have to be notified of until all have acknowledged.

use actix_web::web::Data;
use platform::{
    db::Db,
    jobs::{self, Done, End, Failure, Lease, Table},
    worker::Shutdown,
};

use super::{saga, store::Job};
use crate::deps::Deps;

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, shutdown: Shutdown) {
    jobs::work::<Job>(deps, shutdown).await;
}

impl jobs::Job for Job {
    const NAME: &'static str = "provisionings";
    const TABLE: Table = Table {
        columns: "q.id, q.client_id, q.status, q.revision, q.isolation, q.is_unproven, q.provisioned_services, \
                  q.founding_admin",
        done: End::Set("next_attempt_at = NULL, attempts = 0"),
        ..Table::named("tenants", "id")
    };
    type Deps = Deps;

    fn db(deps: &Deps) -> &Db {
        &deps.db
    }

    async fn woken(deps: &Deps) {
        deps.tenant_changed.notified().await;
    }

    async fn run(self, deps: &Deps, _lease: &Lease) -> Result<Done, Failure> {
        saga::run(deps, self).await
    }
}
