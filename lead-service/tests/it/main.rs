//! lead-service over HTTP, against real PostgreSQL and Redis.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails loudly"
)]

mod accounts;
mod api_keys;
mod arrange;
mod assignment;
mod catalogue;
mod conventions;
mod departures;
mod ingest;
mod leads;
mod products;
mod scoring;
