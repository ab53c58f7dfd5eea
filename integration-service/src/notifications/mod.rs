//! Notifications inside the platform.

pub mod admins;
pub mod api;
pub mod domain;
pub mod handlers;
pub mod notifier;
mod routes;
pub mod rules;
pub mod store;

pub use routes::routes;
