//! Administration of the platform: the standing of its users, its first admin, and the rotation of its keys.

mod create_admin;
mod rotate_keys;
mod update_user;

pub use create_admin::CreateAdmin;
pub use rotate_keys::{RotateKeys, Rotated};

use platform::http::Routes;

/// The routes.
pub fn routes() -> Routes {
    Routes::tagged("Users")
        .patch("/api/v2/users/{id}", "Update a user", update_user::update)
        .about("Suspends or reactivates the user, or sets the platform role.")
}
