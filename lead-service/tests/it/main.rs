//! lead-service over HTTP, against real PostgreSQL and Redis.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails loudly")]

mod accounts;
mod api_keys;
mod arrange;
mod catalogue;
mod conventions;
mod ingest;
mod leads;
mod products;
mod relay;
mod transactions;
