//! Tasks with a due time, about any record.

pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
mod store;
pub mod subject;

pub use routes::routes;
