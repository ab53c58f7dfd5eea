//! lead-service over HTTP, against real PostgreSQL and Redis.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails loudly"
)]

mod accounts;
mod addresses;
mod amounts;
mod api_keys;
mod arrange;
mod assignment;
mod bodies;
mod bulk;
mod catalogue;
mod contacts;
mod conventions;
mod conversion_effects;
mod conversions;
mod customer_segments;
mod customer_side;
mod customers;
mod deals;
mod departures;
mod event_records;
mod filling;
mod filters;
mod form_mappings;
mod handoffs;
mod idempotency;
mod identity;
mod import_consents;
mod import_files;
mod import_people;
mod import_previews;
mod imports;
mod ingest;
mod ingests;
mod key_addresses;
mod known_people;
mod large_teams;
mod leads;
mod merged_records;
mod merges;
mod merging;
mod moving;
mod openapi;
mod orders;
mod owners;
mod pipelines;
mod placing;
mod plans;
mod products;
mod provenance;
mod ranks;
mod relay;
mod reports;
mod restoring;
mod rights;
mod schema_tier;
mod scope;
mod scoring;
mod searches;
mod senders;
mod side_fields;
mod suggestions;
mod taken_back;
mod tasks;
mod tenants_in_plans;
mod text_searches;
mod timelines;
mod transactions;
mod upserts;
