//! A tenant's logo: a picture that was decoded and written anew.

mod handlers;
mod routes;
mod store;

pub use routes::routes;
