//! Hands mails to auth-service, which sends them, until it has taken each.

use std::time::Duration;

use actix_web::web::Data;
use contracts::internal::mails::{QueueMail, QueuedMail};
use platform::{
    Problem,
    client::CallError,
    worker::{Shutdown, backoff},
};

use super::{
    seal_context,
    store::{self, Waiting},
};
use crate::deps::Deps;

const POLL: Duration = Duration::from_secs(1);
const BATCH: i64 = 20;
/// Tries after which a mail that auth-service does not want is left where it is.
const TRIES: i32 = 8;
/// The pause between tries while auth-service is away, seconds at most: an invitation is waited for.
const LONGEST_PAUSE: f64 = 60.0;

/// Runs until the process ends; woken when a mail is queued.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    while !shutdown.is_triggered() {
        match hand_over_due(&deps).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(problem) => tracing::warn!(%problem, "mails wait for the database"),
        }
        tokio::select! {
            () = deps.mail_queued.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            () = shutdown.triggered() => {}
        }
    }
}

/// Tries what is due. Gives how many mails that were.
///
/// # Errors
/// 503 when the database is away; what was handed over is handed over again when its lease ends, which changes nothing.
pub async fn hand_over_due(deps: &Deps) -> Result<usize, Problem> {
    let due = deps.db.in_system(async |tx| store::claim(tx, BATCH).await.map_err(Problem::from)).await?;
    for mail in &due {
        let outcome = hand_over(deps, mail).await;
        deps.db
            .in_system(async |tx| match &outcome {
                Ok(()) => store::delete(tx, mail.id).await.map_err(Problem::from),
                Err((pause, reason)) => {
                    store::postpone(tx, mail.id, *pause, reason).await.map_err(Problem::from)
                }
            })
            .await?;
    }
    Ok(due.len())
}

/// Seconds until the next try, if there is to be one, and what went wrong.
type Failure = (Option<f64>, String);

async fn hand_over(deps: &Deps, mail: &Waiting) -> Result<(), Failure> {
    let unreadable = |fault: String| {
        tracing::error!(mail.id = %mail.id, fault, "a mail cannot be read; it is not sent");
        (None, fault)
    };
    let text = deps
        .sealing
        .open(&mail.sealed, &seal_context(mail.id))
        .map_err(|fault| unreadable(fault.to_string()))?;
    let call: QueueMail = serde_json::from_slice(&text).map_err(|fault| unreadable(fault.to_string()))?;
    match deps.peers.call(&call).await {
        Ok(QueuedMail { wait_seconds: None, .. }) => Ok(()),
        Ok(QueuedMail { wait_seconds: Some(seconds), .. }) => {
            tracing::info!(mail.id = %mail.id, wait_seconds = seconds, "a mail waits: too many go to its address");
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
            Err((Some(f64::from(seconds)), "too many mails go to its address".to_owned()))
        }
        Err(error @ CallError::Away(..)) => {
            tracing::warn!(mail.id = %mail.id, %error, "a mail waits for auth-service");
            Err((Some(backoff(mail.attempts).as_secs_f64().min(LONGEST_PAUSE)), error.to_string()))
        }
        Err(error @ CallError::Refused(..)) => {
            let given_up = mail.attempts >= TRIES;
            tracing::error!(mail.id = %mail.id, given_up, %error, "auth-service refused a mail");
            Err(((!given_up).then(|| backoff(mail.attempts).as_secs_f64()), error.to_string()))
        }
    }
}
