//! lead-service over HTTP, against real PostgreSQL and Redis.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails loudly")]

mod accounts;
mod api_keys;
mod arrange;
mod bulk;
mod catalogue;
mod contacts;
mod conventions;
mod conversions;
mod deals;
mod ingest;
mod leads;
mod pipelines;
mod products;
mod reports;
mod searches;
mod tasks;
mod timelines;
