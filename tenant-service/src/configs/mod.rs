//! Configurations: what the platform's staff sets for everybody, for a tenant, or for a person.

pub mod api;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
