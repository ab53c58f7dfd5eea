//! Products of the platform's catalogue, each in a category.

pub mod api;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
