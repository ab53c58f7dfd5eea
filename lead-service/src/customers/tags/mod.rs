//! Tags of customers.

pub mod api;
mod domain;
mod entity;
mod routes;
pub mod store;

pub use routes::routes;
