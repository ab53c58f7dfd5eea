//! Contracts between the services: ids, permissions, identity claims, events and internal calls.
//!
//! Plain data only. Nothing here knows how it is stored, sent or served.

pub mod access_tokens;
pub mod client_ids;
pub mod events;
pub mod identity;
pub mod ids;
pub mod internal;
pub mod invalidation;
pub mod page;
pub mod permissions;
pub mod problem;
pub mod service;
pub mod service_tokens;
pub mod time_zones;
pub mod write;

pub use ids::{TenantId, UserId};
pub use service::Service;
