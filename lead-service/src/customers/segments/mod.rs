//! Groups of customers that meet criteria, evaluated whenever they are looked at.

pub mod api;
mod domain;
mod entity;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
