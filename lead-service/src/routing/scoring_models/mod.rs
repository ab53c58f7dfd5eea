//! Scoring models of a tenant: rules with points in groups, fit and engagement kept apart, one model per product or
//! for the whole tenant.

pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
mod store;

pub use routes::routes;
