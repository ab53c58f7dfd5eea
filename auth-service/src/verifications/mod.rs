//! Proving that an e-mail address is one's own, with a link that is mailed there.

pub mod api;
mod handlers;

use std::time::Duration;

use platform::{Problem, http::Routes};

use crate::one_time_tokens::Purpose;

/// Minimum duration of an answer that must not show whether an account exists: longer than looking it up and queueing a
/// mail.
const ANSWER_AFTER: Duration = Duration::from_millis(250);

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("auth")
        .get(
            Purpose::VerifyEmail.path(),
            "The page that a mailed link to confirm an address leads to",
            handlers::page,
        )
        .post("/api/v2/auth/email/verify", "Confirm one's address with a mailed link", handlers::verify)
        .post("/api/v2/auth/email/resend", "Ask for that link again", handlers::resend)
}

/// Does `work`, which takes longer for some addresses than for others, in the same time for all.
///
/// # Errors
/// Those of `work`.
pub async fn equalize_timing(work: impl Future<Output = Result<(), Problem>>) -> Result<(), Problem> {
    let (outcome, ()) = futures::join!(work, tokio::time::sleep(ANSWER_AFTER));
    outcome
}
