//! Companies that may buy.

pub mod adding;
pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
pub mod store;

pub use routes::{internal_routes, routes};
