//! Submissions from forms and programs: the hot path.
//!
//! A 2xx means committed to disk. Nothing here waits for Redis or another service.

pub mod batcher;
mod body;
mod fields;
mod handlers;
mod reply;
mod routes;
mod store;

pub use fields::NewSubmission;
pub use routes::routes;
