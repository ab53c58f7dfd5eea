//! Host names under which a tenant is reached; each is one tenant's alone.

mod api;
mod domain;
mod handlers;
mod routes;
mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Domain";
