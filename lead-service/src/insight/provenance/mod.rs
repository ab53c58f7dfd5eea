//! Provenance: where the values of accounts and leads came from, and what enrichment may write.
//!
//! What people, forms and imports wrote is known from the events of a record. What enrichment wrote, what was pinned, and
//! what was found beside is kept here, with the value that it is about: where another value stands, it is about no more.

mod api;
mod domain;
mod enriched;
mod filling;
mod handlers;
mod linkedin;
mod routes;
mod store;
mod suggesting;

pub use routes::{internal_routes, routes};
