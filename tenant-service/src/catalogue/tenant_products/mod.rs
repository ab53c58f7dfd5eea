//! Products of the catalogue that a tenant has taken.

mod api;
mod handlers;
mod routes;
mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "TenantProduct";
