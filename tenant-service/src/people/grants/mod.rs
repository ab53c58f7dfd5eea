//! Internal API for other services: access decisions, members and teams.

mod handlers;
mod routes;
mod store;

pub use routes::routes;
