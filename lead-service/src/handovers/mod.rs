//! Handovers: what a member who left holds goes to others, by the rules or to their manager, and can come back.

pub mod api;
mod handlers;
mod records;
mod routes;
pub mod store;
pub mod worker;

pub use routes::routes;
