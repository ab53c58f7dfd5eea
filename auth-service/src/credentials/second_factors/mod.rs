//! A second factor: codes of an authenticator app (RFC 6238), and recovery codes in case it is lost.
//!
//! Once confirmed, a right password alone gives no session but a challenge, to be answered with a code within minutes.
//! No code is taken twice, and few wrong ones.

mod answer;
pub mod api;
mod challenge;
mod check;
pub mod domain;
mod handlers;
pub mod store;

pub use answer::answer;
pub use challenge::challenge;

use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Two-factor authentication")
        .get("/api/v2/auth/second-factor", "Get the state of two-factor authentication", handlers::read::read)
        .named("get_second_factor")
        .post(
            "/api/v2/auth/second-factor/enrol",
            "Start setting up two-factor authentication",
            handlers::enrol::enrol,
        )
        .named("enrol_second_factor")
        .about(
            "The response has the secret for the authenticator app. Nothing changes until it is \
             confirmed.",
        )
        .post(
            "/api/v2/auth/second-factor/confirm",
            "Enable two-factor authentication",
            handlers::confirm::confirm,
        )
        .named("confirm_second_factor")
        .about("Takes a first code. The recovery codes are returned only once.")
        .post(
            "/api/v2/auth/second-factor/recovery-codes",
            "Regenerate the recovery codes",
            handlers::renew::renew,
        )
        .named("regenerate_recovery_codes")
        .about("The old codes become invalid. The new ones are returned only once.")
        .post(
            "/api/v2/auth/second-factor/disable",
            "Disable two-factor authentication",
            handlers::disable::disable,
        )
        .named("disable_second_factor")
        .post(
            "/api/v2/auth/login/second-factor",
            "Complete a sign-in with a second factor",
            handlers::login::login,
        )
        .named("login_with_second_factor")
        .about("Takes a code of the authenticator app or a recovery code.")
}
