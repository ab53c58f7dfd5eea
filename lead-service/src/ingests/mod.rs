//! The ledger of submissions: what came in with a valid key, and what became of it.

mod api;
mod handlers;
mod routes;
mod store;

pub use api::IngestOutcome;
pub use routes::routes;
