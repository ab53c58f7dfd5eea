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
mod bounds;
mod bulk;
mod catalogue;
mod contacts;
mod conventions;
mod conversion_effects;
mod conversion_ends;
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
mod handovers;
mod hostile;
mod idempotency;
mod identity;
mod import_bounds;
mod import_changes;
mod import_consents;
mod import_files;
mod import_keeping;
mod import_options;
mod import_people;
mod import_previews;
mod import_references;
mod import_scope;
mod import_uploads;
mod import_workers;
mod imports;
mod indexes;
mod ingest;
mod ingests;
mod intake;
mod key_addresses;
mod key_kinds;
mod known_people;
mod large_teams;
mod leads;
mod locks;
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
mod rereadings;
mod restoring;
mod reviews;
mod rights;
mod schema_tier;
mod scope;
mod scoring;
mod searches;
mod senders;
mod side_fields;
mod source_keys;
mod suggestions;
mod taken_back;
mod tasks;
mod tenants_in_plans;
mod text_searches;
mod timelines;
mod transactions;
mod unconfirmed;
mod upserts;
