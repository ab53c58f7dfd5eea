//! Sign-in with a password, under our own paths and under those of Django's SimpleJWT.

mod handlers;
mod password;
mod routes;

pub use password::sign_in;
pub use routes::routes;
