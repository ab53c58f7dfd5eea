//! Jobs: one piece of enrichment each, from the moment it is asked for until it is done, given up or called off.

pub mod api;
pub mod cancellation;
pub mod domain;
pub mod events;
mod handlers;
mod routes;
pub mod starting;
pub mod store;

pub use routes::{internal_routes, routes};
