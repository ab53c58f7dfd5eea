//! People who may buy.

pub mod api;
pub mod domain;
mod entity;
pub mod events;
mod handlers;
pub mod portrait;
mod routes;
pub mod store;

pub use routes::routes;
