//! What people did, or will do, with a lead, deal, contact or account.

pub mod api;
mod domain;
mod entity;
mod routes;
mod store;

pub use routes::routes;
