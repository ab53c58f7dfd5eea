//! What somebody is to do by when, about whatever it may be.

pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
mod store;

pub use routes::routes;
