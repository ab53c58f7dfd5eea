//! What holds for a person in a tenant: configurations and settings of every layer, merged.

mod api;
mod domain;
mod handlers;
mod routes;

pub use routes::routes;
