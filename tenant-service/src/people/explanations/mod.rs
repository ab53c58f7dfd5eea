//! Explanations of access decisions: the role, the scope and the path in the hierarchy that decide.

mod api;
mod domain;
mod handlers;
mod routes;

pub use routes::routes;
