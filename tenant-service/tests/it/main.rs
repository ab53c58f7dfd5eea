//! Tests of tenant-service through HTTP, against real PostgreSQL and Redis.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what tests share fails loudly, too"
)]

mod access;
mod addresses;
mod audit;
mod authority;
mod catalogue;
mod dns;
mod domains;
mod escalation;
mod explanations;
mod grants;
mod hierarchy;
mod industries;
mod invitations;
mod isolation;
mod leavers;
mod links;
mod mails;
mod memberships;
mod moves;
mod offices;
mod openapi;
mod pages;
mod permissions;
mod plans;
mod proven_people;
mod provisioning;
mod roles;
mod seats;
mod settings;
mod tenants;
mod world;
mod zones;
