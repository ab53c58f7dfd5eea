//! Bugs, wishes and tasks that somebody sees to, for a customer or for the tenant itself.

pub mod api;
mod domain;
mod entity;
mod routes;
pub mod store;

pub use routes::routes;
