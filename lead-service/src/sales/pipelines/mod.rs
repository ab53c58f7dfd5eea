//! Pipelines: the ordered stages that deals go through. Every tenant starts with one.

pub mod api;
mod domain;
mod entity;
pub mod furnishing;
mod routes;
pub mod store;

pub use routes::routes;
