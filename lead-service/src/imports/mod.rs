//! Leads from files: taken in whole, checked, written in the background, and undone.
//!
//! The file lies in the database in chunks. A worker holds an import under a lease and writes batches of rows, each
//! with its outcomes and the place it has reached in one transaction: whenever it dies, another goes on there.

mod api;
mod chunks;
mod columns;
mod files;
mod handlers;
mod headings;
mod keeping;
mod outcomes;
mod plans;
mod readers;
mod routes;
mod rows;
mod settings;
mod store;
mod survey;
mod taken;
mod worker;

pub use routes::routes;
pub use worker::run as run_worker;
