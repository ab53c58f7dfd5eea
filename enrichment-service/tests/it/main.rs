//! enrichment-service over HTTP and Redis, against real PostgreSQL, with websites that behave and websites that do not.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails loudly"
)]

mod access;
mod catalogue;
mod cells;
mod columns;
mod company_info;
mod events;
mod exports;
mod failures;
mod injections;
mod isolation;
mod jobs;
mod leads;
mod leases;
mod openapi;
mod people;
mod providers;
mod runs;
mod schema_tier;
mod stage;
mod waterfalls;
mod websites;
