//! Usage: the ledger of calls, added up.

mod api;
mod handlers;
mod routes;
mod store;

pub use routes::routes;
