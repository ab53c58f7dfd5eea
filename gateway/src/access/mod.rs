//! Authorisation: a user's access in a tenant and on the platform.

pub mod cache;
pub mod decide;
pub mod tenant_reference;
