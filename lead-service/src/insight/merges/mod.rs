//! Leads that are the same person: found, merged, and taken apart again.

mod api;
mod domain;
mod duplicates;
mod merge;
mod records;
mod routes;
mod store;
pub mod told;
mod undo;

pub use routes::routes;
