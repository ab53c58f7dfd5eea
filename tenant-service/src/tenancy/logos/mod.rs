//! A tenant's logo: an image that was decoded and encoded again.

mod handlers;
mod routes;
mod store;

pub use routes::routes;
