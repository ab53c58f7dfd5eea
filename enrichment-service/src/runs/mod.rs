//! Runs: many jobs of one cause, counted, paused, resumed and cancelled together.

pub mod api;
pub mod domain;
pub mod handlers;
pub mod progress;
mod routes;
pub mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "EnrichmentRun";
/// Fields with events of their own for changes.
pub const TRACKED: &[&str] = &["status"];
