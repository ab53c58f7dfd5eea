//! Queue of mails. One is forgotten only when a server has taken it, or will never take it.

use actix_web::web::Data;
use diesel::{
    QueryableByName,
    sql_types::{Bytea, Text},
};
use platform::{
    Problem,
    db::Db,
    jobs::{self, Done, End, Failure, Job, Lease, Policy, Table},
    retry::Backoff,
    worker::Shutdown,
};

use super::store;
use crate::deps::Deps;

/// A mail to be sent.
#[derive(QueryableByName)]
pub struct SendMail {
    #[diesel(sql_type = Text)]
    recipient: String,
    #[diesel(sql_type = Bytea)]
    content: Vec<u8>,
}

/// Runs until the process ends; not at all where no mail server is configured.
pub async fn run(deps: Data<Deps>, shutdown: Shutdown) {
    if deps.mailer.is_none() {
        tracing::warn!("SMTP_URL is not set: mails wait until it is");
        return;
    }
    jobs::work::<SendMail>(deps, shutdown).await;
}

impl Job for SendMail {
    const NAME: &'static str = "mails";
    const TABLE: Table = Table {
        columns: "q.recipient, q.content",
        waiting: "q.status = 'queued'",
        ready: "(q.expires_at IS NULL OR q.expires_at > now())",
        done: End::Set("status = 'sent', content = NULL, finished_at = now()"),
        given_up: End::Set("status = 'failed', content = NULL, finished_at = now()"),
        ..Table::named("mails", "id")
    };
    // A server's words may name the address.
    const REASONS_ARE_PRIVATE: bool = true;
    type Deps = Deps;

    fn db(deps: &Deps) -> &Db {
        &deps.db
    }

    fn policy(_deps: &Deps) -> Policy {
        Policy { tries: Some(8), backoff: Backoff::DAY, concurrency: 4, ..Policy::default() }
    }

    async fn run(self, deps: &Deps, lease: &Lease) -> Result<Done, Failure> {
        let Some(mailer) = &deps.mailer else {
            return Err(Problem::unavailable("no mail server is configured").into());
        };
        let content = store::open(&deps.sealing, lease.key, &self.content).map_err(Failure::lasting)?;
        match mailer.deliver(lease.key, &self.recipient, content).await {
            Ok(()) => Ok(Done::Finished),
            Err(failed) if failed.is_final => Err(Failure::lasting(failed.reason)),
            Err(failed) => Err(Failure::passing(failed.reason)),
        }
    }
}
