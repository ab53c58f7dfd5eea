//! Activities with a lead, deal, contact or account, done or planned.

pub mod api;
mod domain;
mod entity;
mod routes;
mod store;

pub use routes::routes;
