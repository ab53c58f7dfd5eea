//! Leads that are the same person: found, merged, and taken apart again.

mod api;
mod domain;
mod duplicates;
mod merge;
mod routes;
mod store;
pub mod told;
mod undo;

pub use domain::{stored, unmerged, written};
pub use routes::routes;
