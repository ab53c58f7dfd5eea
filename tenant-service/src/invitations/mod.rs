//! Invitations into a tenant: for one address, good once, for seven days.

pub mod api;
pub mod domain;
pub mod events;
mod handlers;
pub mod issue;
mod routes;
pub mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Invitation";
