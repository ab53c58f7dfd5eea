//! Roles: permissions and data scope of their holders. System roles, and custom roles of a tenant.

pub mod api;
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
