//! Providers that a tenant asks, with their credentials, limits and costs.

pub mod api;
pub mod credentials;
pub mod domain;
pub mod furnishing;
mod handlers;
pub mod presets;
mod routes;
pub mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "EnrichmentProvider";
/// Fields with events of their own for changes.
pub const TRACKED: &[&str] = &["status"];
