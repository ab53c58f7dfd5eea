//! Those who have bought, or are about to: the tenant's relationship with them.

pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;

/// Owners of records of a customer: the customer's own.
pub const OWNERS_THROUGH_CUSTOMER: &[&str] =
    &["customer_id->customers.account_manager_id", "customer_id->customers.created_by"];
