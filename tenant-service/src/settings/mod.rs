//! Settings: what a tenant sets for all of its people, and what each of them sets for themselves.

pub mod api;
pub mod domain;
mod events;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Setting";
