//! Deliveries of events to a tenant's endpoints: queue, worker, list and replay.

pub mod api;
pub mod domain;
pub mod handlers;
pub mod order;
pub mod payload;
pub mod queue;
mod routes;
pub mod sender;
pub mod signature;
pub mod store;
pub mod worker;

pub use routes::routes;
