//! Host names under which a tenant is reached; each is one tenant's alone once it has proven that it controls the name.

mod api;
mod domain;
mod handlers;
mod proof;
mod routes;
mod store;
mod verify;

pub use domain::OwnHosts;
pub use proof::{ProofConfig, Prover};
pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "Domain";
