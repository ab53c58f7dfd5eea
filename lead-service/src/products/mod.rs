//! What a tenant sells: who it is for and which titles buy, influence and use it.

pub mod api;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Product";
