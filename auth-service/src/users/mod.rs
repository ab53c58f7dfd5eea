//! The people: who they are, what they may do on the platform itself, and whether they may sign in.

pub mod api;
pub mod domain;
mod handlers;
mod routes;
pub mod store;

pub use domain::User;
pub use routes::routes;
