//! Sends what is queued. A mail is forgotten by the queue only when a server has taken it, or will never take it.

use std::time::Duration;

use actix_web::web::Data;
use futures::StreamExt;
use platform::{
    Problem,
    worker::{Shutdown, backoff},
};

use super::{
    mailer::{Mailer, Undelivered},
    store::{self, Due},
};
use crate::deps::Deps;

const PAUSE: Duration = Duration::from_secs(1);
const BATCH: i64 = 16;
const AT_ONCE: usize = 4;
/// Longer than a batch takes at worst.
const LEASE: Duration = Duration::from_secs(300);
/// Tries before a mail is given up, over about a day.
const TRIES: i32 = 8;

/// Runs until the process ends; not at all where no mail server is configured.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    let Some(mailer) = &deps.mailer else {
        tracing::warn!("SMTP_URL is not set: mails wait until it is");
        return;
    };
    loop {
        match send_due(&deps, mailer).await {
            Ok(0) => {}
            Ok(mails) => tracing::info!(mails, "mails were sent or put off"),
            Err(problem) => tracing::warn!(%problem, "mails wait for the database"),
        }
        if !shutdown.sleep(PAUSE).await {
            return;
        }
    }
}

/// One round. Gives how many were tried.
///
/// # Errors
/// 503 when the database is away; what is under way is sent again when its lease ends.
pub async fn send_due(deps: &Deps, mailer: &Mailer) -> Result<usize, Problem> {
    let due =
        deps.db.in_system(async |tx| store::take_due(tx, BATCH, LEASE).await.map_err(Problem::from)).await?;
    let tried = due.len();
    let sending = due.into_iter().map(|due| send(deps, mailer, due));
    let outcomes: Vec<_> = futures::stream::iter(sending).buffer_unordered(AT_ONCE).collect().await;
    outcomes.into_iter().collect::<Result<(), Problem>>()?;
    Ok(tried)
}

async fn send(deps: &Deps, mailer: &Mailer, due: Due) -> Result<(), Problem> {
    let outcome = match store::open(&deps.sealing, due.id, &due.content) {
        Ok(content) => mailer.deliver(due.id, &due.recipient, content).await,
        Err(problem) => Err(Undelivered { reason: problem.to_string(), is_final: true }),
    };
    deps.db
        .in_system(async |tx| {
            match outcome {
                Ok(()) => store::finish(tx, due.id, None).await?,
                Err(Undelivered { reason, is_final }) if is_final || due.attempts >= TRIES => {
                    // What the server said may name the address; it stays in the table.
                    tracing::error!(mail.id = %due.id, attempts = due.attempts, "a mail is given up");
                    store::finish(tx, due.id, Some(&reason)).await?
                }
                Err(Undelivered { reason, .. }) => {
                    tracing::warn!(mail.id = %due.id, attempts = due.attempts, "a mail is tried again later");
                    store::put_off(tx, &due, backoff(due.attempts), &reason).await?
                }
            };
            Ok(())
        })
        .await
}
