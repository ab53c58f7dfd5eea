//! Leads from files: taken in whole, checked, written in the background, and undone.
//!
//! The file lies in the database in chunks. A worker holds an import under a lease and writes batches of rows, each
//! with its outcomes and the place it has reached in one transaction: whenever it dies, another goes on there.

mod api;
mod csv;
mod domain;
mod files;
mod handlers;
mod ndjson;
mod outcomes;
mod routes;
mod store;
mod taken;
pub mod worker;

pub use routes::routes;
