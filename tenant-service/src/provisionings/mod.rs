//! Makes room for tenants in every service, and tells the services when a tenant's state changes. Never gives up.

pub mod founding;
pub mod saga;
mod store;
pub mod worker;
