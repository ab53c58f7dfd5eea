//! Which route of which service demands which permission, as the services say when they start.

mod api;
mod handlers;
mod routes;
mod store;

pub use routes::routes;
