//! People who may buy.

pub mod api;
pub mod domain;
mod entity;
pub mod events;
mod handlers;
mod routes;
mod steps;
pub mod store;

pub use routes::routes;
