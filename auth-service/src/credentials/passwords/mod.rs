//! Passwords: which are taken, how they are kept, and how people change theirs, forgotten ones included.

mod api;
mod handlers;
mod hashing;
mod policy;
mod queues;

pub use hashing::Passwords;
pub use policy::NewPassword;
pub use queues::Reserved;

use platform::http::Routes;

use crate::tokens::Purpose;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Authentication")
        .get(Purpose::ResetPassword.path(), "Show the page for resetting a password", handlers::reset::page)
        .named("show_password_reset_page")
        .about("Mailed links lead here.")
        .post("/api/v2/auth/password/change", "Change the password", handlers::change::change)
        .named("change_password")
        .about("Ends the other sessions of the user.")
        .post("/api/v2/auth/password/forgot", "Request a password reset", handlers::forgot::forgot)
        .named("request_password_reset")
        .about("Always 202, whether there is such an account or not.")
        .post("/api/v2/auth/password/reset", "Reset the password", handlers::reset::reset)
        .named("reset_password")
        .about("Takes the token of the link that was mailed.")
}
