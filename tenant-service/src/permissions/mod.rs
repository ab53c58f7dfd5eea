//! Permissions by route, as services register them when they start.

mod api;
mod handlers;
mod routes;
mod store;

pub use routes::routes;
