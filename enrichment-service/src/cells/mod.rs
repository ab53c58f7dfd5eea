//! Cells: the answer of a custom column about one record.

pub mod answering;
pub mod api;
pub mod context;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
