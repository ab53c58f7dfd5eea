//! Notifications inside the platform.

pub mod admins;
pub mod api;
pub mod notifier;
pub mod domain;
pub mod handlers;
pub mod rules;
mod routes;
pub mod store;

pub use routes::routes;
