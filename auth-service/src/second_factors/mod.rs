//! A second factor: codes of an authenticator app (RFC 6238), and recovery codes in case it is lost.
//!
//! Once confirmed, a right password alone gives no session but a challenge, to be answered with a code within minutes.
//! No code is taken twice, and few wrong ones.

pub mod api;
mod challenge;
mod check;
pub mod domain;
mod handlers;
pub mod store;

pub use challenge::challenge;

use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("auth (second factor)")
        .get("/api/v2/auth/second-factor", "Whether signing in needs a code", handlers::read::read)
        .post("/api/v2/auth/second-factor/enrol", "Begin with an authenticator app", handlers::enrol::enrol)
        .post("/api/v2/auth/second-factor/confirm", "Demand codes from now on", handlers::confirm::confirm)
        .post("/api/v2/auth/second-factor/recovery-codes", "Get other recovery codes", handlers::renew::renew)
        .post("/api/v2/auth/second-factor/disable", "Demand no codes any more", handlers::disable::disable)
        .post("/api/v2/auth/login/second-factor", "Complete signing in with a code", handlers::login::login)
}
