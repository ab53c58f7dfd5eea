//! Proving that an e-mail address is one's own, with a link that is mailed there.

pub mod api;
mod handlers;

use std::time::Duration;

use platform::{Problem, http::Routes};

use crate::tokens::Purpose;

/// Minimum duration of an answer that must not show whether an account exists: longer than looking it up and queueing a
/// mail.
const ANSWER_AFTER: Duration = Duration::from_millis(250);

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Authentication")
        .get(Purpose::VerifyEmail.path(), "Show the page for verifying an e-mail address", handlers::page)
        .named("show_email_verification_page")
        .about("Mailed links lead here.")
        .post("/api/v2/auth/email/verify", "Verify an e-mail address", handlers::verify)
        .named("verify_email")
        .about("Takes the token of the link that was mailed to the address.")
        .post("/api/v2/auth/email/resend", "Resend the verification e-mail", handlers::resend)
        .named("resend_verification_email")
        .about("Always 202, whether there is such an account or not.")
}

/// Does `work`, which takes longer for some addresses than for others, in the same time for all.
///
/// # Errors
/// Those of `work`.
pub async fn equalize_timing(work: impl Future<Output = Result<(), Problem>>) -> Result<(), Problem> {
    let (outcome, ()) = futures::join!(work, tokio::time::sleep(ANSWER_AFTER));
    outcome
}
