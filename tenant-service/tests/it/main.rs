//! Tests of tenant-service through HTTP, against real PostgreSQL and Redis.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what tests share fails loudly, too"
)]

mod access;
mod catalogue;
mod grants;
mod hierarchy;
mod isolation;
mod memberships;
mod moves;
mod permissions;
mod provisioning;
mod roles;
mod tenants;
mod world;
