//! People at an account who are no longer leads.

pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
