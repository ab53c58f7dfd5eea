//! Stages: the steps of a pipeline, in order, each with the chance of winning a deal that has come so far.

pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
