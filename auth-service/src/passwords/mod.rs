//! Passwords: which are taken, how they are kept, and how people change theirs, forgotten ones included.

mod api;
mod handlers;
mod hashing;
mod policy;
mod queues;

pub use hashing::Passwords;
pub use policy::{LENGTH, NewPassword};

use platform::http::Routes;

use crate::one_time_tokens::Purpose;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("auth")
        .get(
            Purpose::ResetPassword.path(),
            "The page that a mailed link to choose another password leads to",
            handlers::reset::page,
        )
        .post("/api/v2/auth/password/change", "Change one's password", handlers::change::change)
        .post(
            "/api/v2/auth/password/forgot",
            "Ask for a link to choose another password",
            handlers::forgot::forgot,
        )
        .post("/api/v2/auth/password/reset", "Choose another password with that link", handlers::reset::reset)
}
