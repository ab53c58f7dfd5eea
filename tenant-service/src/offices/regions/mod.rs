//! Regions of a tenant: what its branches are grouped by.

pub mod api;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Region";
