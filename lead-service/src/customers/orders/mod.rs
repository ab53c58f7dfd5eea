//! Orders of customers. A change of an order also updates its customer's totals, in the same transaction.

pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
