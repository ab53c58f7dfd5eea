//! Calls, mails, meetings and whatever else passes between the tenant and a customer.

pub mod api;
mod domain;
mod entity;
mod routes;
pub mod store;

pub use routes::routes;
