//! What customers ordered. Whoever changes an order also sums up its customer's orders, in the same transaction.

pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
