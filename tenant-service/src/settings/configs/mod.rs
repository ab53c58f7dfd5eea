//! Configurations: values that the platform's staff sets globally, for a tenant, or for a user.

pub mod api;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
