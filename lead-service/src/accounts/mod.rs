//! Companies that may buy.

pub mod api;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use routes::{internal_routes, routes};

/// Name of the entity in events.
pub const ENTITY: &str = "Account";

/// Fields whose changes are told by name.
pub const TRACKED: &[&str] = &["website", "product_id", "deleted"];
