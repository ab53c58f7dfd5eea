//! Settings: what a tenant sets for all of its people, and what each of them sets for themselves.

mod api;
mod configs;
mod context;
mod domain;
mod events;
mod handlers;
mod routes;
mod store;

pub use domain::{HANDOVER_AFTER_DAYS, REQUIRE_SECOND_FACTOR, TIME_ZONE, days_fault, handover_days};
pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Setting";
