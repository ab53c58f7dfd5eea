//! Memberships: the users of a tenant, their roles and superiors.

pub mod api;
pub mod domain;
pub mod events;
mod handlers;
pub mod hierarchy;
pub mod joining;
pub mod leavers;
pub mod people;
mod routes;
pub mod seats;
pub mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Membership";
/// Fields that get an event of their own.
pub const TRACKED: &[&str] = &["role", "reports_to", "status"];
