//! Raw answers of providers, kept to check the values that were read from them.

mod api;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;
