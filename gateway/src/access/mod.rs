//! What a person may do: in a tenant, and on the platform itself.

pub mod cache;
pub mod decide;
pub mod naming;
