//! Submissions from forms and programs: the hot path.
//!
//! A 2xx means committed to disk. Nothing here waits for Redis or another service.

mod addresses;
pub mod batcher;
mod batches;
mod body;
mod fields;
mod fill;
mod handlers;
pub mod loose;
mod names;
mod pages;
mod reader;
mod reply;
mod resolve;
mod routes;
mod store;
mod write;

pub use batcher::unless_raced;
pub use fields::NewSubmission;
pub use resolve::{Fate, resolve};
pub use routes::routes;
pub use store::{Outcome, Prepared, Taken, foresee, sent, take_in};
