//! Queue that notifies tenant-service of proven addresses until it succeeds.

use std::time::Duration;

use actix_web::web::Data;
use contracts::{UserId, internal::tenants::NoteProof};
use diesel::{QueryableByName, sql_types::Uuid as SqlUuid};
use platform::{
    Problem,
    db::Db,
    jobs::{self, Done, Failure, Job, Lease, Table},
    worker::Shutdown,
};
use uuid::Uuid;

use super::store;
use crate::deps::Deps;

/// How long the person who proves their address waits for tenant-service.
const PATIENCE: Duration = Duration::from_secs(2);

/// Notifies tenant-service of one user right after the commit, so that access is open before the user gets the answer.
/// A failure is left to the worker.
pub async fn tell(deps: &Deps, user: UserId) {
    match tokio::time::timeout(PATIENCE, deps.peers.call(&NoteProof { user_id: user })).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::warn!(%error, user.id = %user, "tenant-service is told of a proven address later");
            return;
        }
        Err(_) => {
            tracing::warn!(user.id = %user, "tenant-service takes too long and is told of a proven address later");
            return;
        }
    }
    let forgotten = deps.db.in_system(async |tx| store::delete(tx, user).await.map_err(Problem::from));
    if let Err(problem) = forgotten.await {
        // It will be sent again, which changes nothing.
        tracing::warn!(%problem, user.id = %user, "a proven address will be published again");
    }
}

/// A proven address that tenant-service is to be notified of.
#[derive(QueryableByName)]
pub struct TellProof {
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
}

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, shutdown: Shutdown) {
    jobs::work::<TellProof>(deps, shutdown).await;
}

impl Job for TellProof {
    const NAME: &'static str = "proof_notices";
    const TABLE: Table = Table { columns: "q.user_id", ..Table::named("proof_notices", "user_id") };
    type Deps = Deps;

    fn db(deps: &Deps) -> &Db {
        &deps.db
    }

    async fn run(self, deps: &Deps, _lease: &Lease) -> Result<Done, Failure> {
        deps.peers.call(&NoteProof { user_id: UserId(self.user_id) }).await?;
        Ok(Done::Finished)
    }
}
