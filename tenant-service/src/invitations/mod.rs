//! Invitations into a tenant: for one address, good once, for seven days.
//!
//! Nobody joins by an address that is not proven. The mailed link proves it; the link in the answer to who invites leads
//! those who are signed in to an account whose address is proven.

pub mod api;
pub mod authority;
pub mod domain;
pub mod events;
mod handlers;
pub mod issue;
mod routes;
pub mod store;

pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Invitation";
