//! Leads that are the same person: found, merged, and taken apart again.

mod api;
mod domain;
mod duplicates;
mod following;
mod merge;
mod records;
mod routes;
mod store;
pub mod told;
mod undo;

pub use domain::{stored, unmerged, written};
pub use following::{following_merges, following_merges_in};
pub use routes::routes;
pub use undo::check_not_merged;
