//! Accounts as this service knows them: which enrichments they have, how far those are, where each field came from.

mod consumer;
mod handlers;
mod routes;
pub mod store;

pub use consumer::AccountEvents;
pub use routes::routes;
