//! Invitations into a tenant: for one address, good once, for seven days.
//!
//! Joining requires a proven address. The mailed link proves it; the link in the inviter's answer works only for a user
//! who is signed in to an account with a proven address.

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
