//! Customer users' own view: their companies, requested or confirmed, and their orders.
//!
//! Their rows lie in several tenants. A narrow table says in which; each is then read in a transaction of its own.

mod api;
mod companies;
mod orders;
mod routes;
mod store;

pub use routes::routes;

/// Rows of a page unless asked otherwise.
const PAGE_SIZE: u32 = 50;
