//! The ledger of submissions: what came in with a valid key, and what became of it.

mod again;
mod api;
mod events;
mod handlers;
mod rereading;
mod routes;
mod store;

pub use api::IngestOutcome;
pub use routes::routes;
