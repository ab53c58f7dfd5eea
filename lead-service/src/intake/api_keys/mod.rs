//! Keys with which forms and programs hand in leads.

pub mod api;
pub mod cache;
pub mod changes;
mod domain;
pub mod doors;
mod handlers;
mod routes;
pub mod store;
pub mod usage;

pub use domain::{ApiKeyKind, DuplicatePolicy, INGEST_SCOPE, digest};
pub use routes::routes;
pub use store::KnownKey;

/// Name of the entity in events.
pub const ENTITY: &str = "ApiKey";
