//! Branches of a tenant: its offices, each in a region.

pub mod api;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Branch";
