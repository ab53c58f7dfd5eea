//! Notifications inside the platform.

pub mod admins;
pub mod api;
pub mod bell;
pub mod domain;
pub mod handlers;
pub mod occasions;
mod routes;
pub mod store;

pub use routes::routes;
