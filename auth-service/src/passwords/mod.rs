//! Passwords: which are taken, how they are kept, and how a person changes theirs.

mod api;
mod handlers;
mod hashing;
mod policy;

pub use hashing::Passwords;
pub use policy::{LENGTH, NewPassword};

use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("auth").post("/api/v2/auth/password/change", "Change one's password", handlers::change)
}
