//! Words by which a tenant tells its customers apart.

pub mod api;
mod domain;
mod entity;
mod routes;
pub mod store;

pub use routes::routes;
