//! Events received from other services and how they were handled.

pub mod api;
pub mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
