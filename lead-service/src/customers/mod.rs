//! Those who have bought, or are about to: the tenant's relationship with them.

pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;

/// Whose the things are that belong to a customer: its own owners'.
pub const OWNERS_THROUGH_CUSTOMER: &[&str] =
    &["customer_id->customers.account_manager_id", "customer_id->customers.created_by"];
