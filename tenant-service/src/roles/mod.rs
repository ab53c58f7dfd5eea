//! Roles: what their holders may do and whose records they see. The platform's own, and those a tenant makes.

pub mod api;
pub mod catalogue;
mod domain;
pub mod escalation;
mod events;
mod handlers;
mod routes;
pub mod store;
pub mod synchronise;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Role";
