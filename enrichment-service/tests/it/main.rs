//! enrichment-service over HTTP and Redis, against real PostgreSQL, with websites that behave and websites that do not.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails loudly")]

mod access;
mod catalogue;
mod company_info;
mod events;
mod failures;
mod isolation;
mod jobs;
mod leases;
mod openapi;
mod schema_tier;
mod stage;
