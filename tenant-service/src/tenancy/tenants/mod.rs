//! Organisations that share the platform, isolated from one another.

pub mod api;
pub mod domain;
pub mod events;
mod handlers;
mod routes;
pub mod store;

pub use handlers::check_own;
pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Tenant";
/// Fields that get an event of their own.
pub const TRACKED: &[&str] = &["status", "subscription_status", "max_users"];
