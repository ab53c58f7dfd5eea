//! Deals seen from above: boards, forecasts and funnels, each of what its reader may see.

mod api;
mod handlers;
mod routes;
mod store;

pub use routes::routes;
