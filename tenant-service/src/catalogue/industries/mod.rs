//! Industries: the top of the platform's catalogue.

pub mod api;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
