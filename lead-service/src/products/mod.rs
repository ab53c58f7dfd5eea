//! What a tenant sells: who it is for and which titles buy, influence and use it.

pub mod api;
mod domain;
mod entity;
mod routes;
mod store;

pub use routes::routes;
