//! Issues: bugs, feature requests and tasks, of a customer or of the tenant itself.

pub mod api;
mod domain;
mod entity;
mod routes;
pub mod store;

pub use routes::routes;
