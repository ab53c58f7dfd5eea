//! auth-service from outside: over HTTP, on real PostgreSQL and Redis, with a stand-in for tenant-service.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what the tests share fails as loudly as a test"
)]

mod access;
mod admins;
mod attempts;
mod cookie_sessions;
mod customers;
mod database;
mod idempotency;
mod identities;
mod logins;
mod mail_limits;
mod mails;
mod openapi;
mod pages;
mod passwords;
mod proofs;
mod recoveries;
mod refreshes;
mod registrations;
mod requests;
mod revocations;
mod rotations;
mod second_factors;
mod security_events;
mod service_accounts;
mod sessions;
mod signing_keys;
mod simple_jwt;
mod stage;
mod users;
mod verifications;
mod writings;
