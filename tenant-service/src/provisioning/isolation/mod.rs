//! Moves tenants between the pool and schemas of their own: a saga over the services that keep tenant data.

mod api;
mod domain;
mod handlers;
mod routes;
mod saga;
mod store;
pub mod worker;

pub use routes::routes;
