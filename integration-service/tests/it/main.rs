//! integration-service as its callers, its producers and its receivers see it.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what a test cannot go on without fails loudly"
)]

mod access;
mod deliveries;
mod events;
mod migrate_all;
mod migrations;
mod notifications;
mod openapi;
mod plans;
mod schema_tier;
mod stage;
mod streams;
mod webhook_endpoints;
