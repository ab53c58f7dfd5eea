//! Queue of mails for auth-service, which sends them once it has taken each.

use std::time::Duration;

use actix_web::web::Data;
use contracts::internal::mails::{QueueMail, QueuedMail};
use diesel::{QueryableByName, sql_types::Bytea};
use platform::{
    client::CallError,
    db::Db,
    jobs::{self, ANY_TENANT, Done, Failure, Job, Lease, Table, Turns},
    retry::Backoff,
    worker::Shutdown,
};

use super::seal_context;
use crate::deps::Deps;

/// Tries, over about a day, after which a mail that auth-service does not want is left where it is.
const TRIES: i32 = 8;

/// A mail to be handed over.
#[derive(QueryableByName)]
pub struct HandOverMail {
    #[diesel(sql_type = Bytea)]
    sealed: Vec<u8>,
}

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, shutdown: Shutdown) {
    jobs::work::<HandOverMail>(deps, shutdown).await;
}

impl Job for HandOverMail {
    const NAME: &'static str = "mails";
    const TABLE: Table = Table {
        columns: "q.sealed",
        turns: Some(Turns { tenant: "tenant_id", only: ANY_TENANT }),
        ..Table::named("mails", "id")
    };
    type Deps = Deps;

    fn db(deps: &Deps) -> &Db {
        &deps.db
    }

    async fn woken(deps: &Deps) {
        deps.mail_queued.notified().await;
    }

    async fn run(self, deps: &Deps, lease: &Lease) -> Result<Done, Failure> {
        let text = deps.sealing.open(&self.sealed, &seal_context(lease.key)).map_err(Failure::lasting)?;
        let call: QueueMail = serde_json::from_slice(&text).map_err(Failure::lasting)?;
        match deps.peers.call(&call).await {
            Ok(QueuedMail { wait_seconds: None, .. }) => Ok(Done::Finished),
            Ok(QueuedMail { wait_seconds: Some(seconds), .. }) => {
                Err(Failure::later(Duration::from_secs(seconds), "too many mails go to its address"))
            }
            // An invitation is waited for.
            Err(error @ CallError::Away(..)) => Err(error.into()),
            Err(error) if lease.attempt >= TRIES => Err(Failure::lasting(error)),
            Err(error) => {
                let failures = u32::try_from(lease.attempt).unwrap_or_default();
                Err(Failure::passing(error).after(Backoff::DAY.pause(failures)))
            }
        }
    }
}
