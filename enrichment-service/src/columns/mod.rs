//! Custom columns: a tenant's own questions, asked of a model about each record.

pub mod answer;
pub mod api;
pub mod domain;
pub mod handlers;
mod routes;
pub mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "CustomColumn";
