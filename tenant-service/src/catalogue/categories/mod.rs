//! Categories of the platform's catalogue, each in an industry.

pub mod api;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
