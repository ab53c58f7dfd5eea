//! Effective configurations and settings of a user in a tenant, merged from all layers.

mod api;
mod domain;
mod handlers;
mod routes;

pub use routes::routes;
