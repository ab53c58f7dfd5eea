//! Waterfalls: who is asked for which fields, in which order, until when.

pub mod api;
pub mod domain;
pub mod estimating;
pub mod furnishing;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "EnrichmentWaterfall";
