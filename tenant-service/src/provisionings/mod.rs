//! Provisioning of tenants in every service, and publication of their state changes. Retried until it succeeds.

pub mod founding;
pub mod saga;
mod store;
pub mod worker;
