//! Products of a tenant, with the titles that buy, influence and use them.

pub mod api;
mod domain;
mod entity;
mod routes;
mod store;

pub use routes::routes;
