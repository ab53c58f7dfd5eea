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
mod contacts;
mod conventions;
mod customer_segments;
mod customer_side;
mod customers;
mod deals;
mod departures;
mod ingest;
mod leads;
mod orders;
mod pipelines;
mod products;
mod scoring;
mod tasks;
mod transactions;
