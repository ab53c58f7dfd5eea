//! Providers of a tenant: whom it asks, with which credentials, how often, for how much.

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
/// Fields whose changes have events of their own.
pub const TRACKED: &[&str] = &["status"];
