//! Provisioning of tenants in every service, and publication of their state changes. Retried until it succeeds.
//! `isolation` moves a tenant into a schema of its own, and back.

mod founding;
mod handlers;
mod isolation;
mod routes;
mod saga;
mod store;
mod worker;

pub use isolation::worker::run as run_isolation_worker;
pub use routes::routes;
pub use worker::run as run_worker;
