//! Submissions from forms and programs: the hot path.
//!
//! A 2xx means committed to disk. Nothing here waits for Redis or another service, but for a program that names an owner.

mod addresses;
pub mod batcher;
mod batches;
mod body;
mod events;
mod fields;
mod fill;
mod handlers;
mod limit;
mod names;
pub mod owners;
mod pages;
mod reader;
mod reply;
mod resolve;
mod routes;
mod store;
mod submission;
mod write;

pub use batcher::unless_raced;
pub use reader::{listed, message};
pub use resolve::{Fate, resolve};
pub use routes::routes;
pub use store::{Entrance, Outcome, Prepared, Taken, foresee, sent, take_in};
pub use submission::NewSubmission;
