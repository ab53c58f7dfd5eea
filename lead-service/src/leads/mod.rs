//! People who may buy.

pub mod api;
pub mod arrivals;
pub mod assigning;
pub mod conversion;
mod csv;
pub mod domain;
mod entity;
pub mod events;
mod handlers;
pub mod portrait;
mod quotas;
mod routes;
pub mod steps;
pub mod store;
pub mod upkeep;

pub use routes::routes;
