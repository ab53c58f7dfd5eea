//! People who may buy.

pub mod api;
mod csv;
pub mod domain;
mod entity;
pub mod events;
mod handlers;
mod quotas;
mod routes;
mod steps;
pub mod store;

pub use routes::routes;
