//! What a customer user sees: the companies they are a customer of, or ask to be, and their orders there.
//!
//! Their rows lie in several tenants. A narrow table says in which; each is then read in a transaction of its own.

mod api;
mod companies;
mod orders;
mod routes;
mod store;

pub use routes::routes;
