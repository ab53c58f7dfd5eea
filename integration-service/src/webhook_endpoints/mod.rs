//! Webhook endpoints of a tenant.

pub mod api;
pub mod domain;
pub mod handlers;
mod routes;
pub mod secret;
pub mod store;

pub use routes::routes;

/// Name of the entity in events and notifications.
pub const ENTITY: &str = "WebhookEndpoint";
