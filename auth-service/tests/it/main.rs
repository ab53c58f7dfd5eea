//! auth-service from outside: over HTTP, on real PostgreSQL and Redis, with a stand-in for tenant-service.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what the tests share fails as loudly as a test"
)]

mod access;
mod admins;
mod database;
mod logins;
mod passwords;
mod refreshes;
mod registrations;
mod revocations;
mod sessions;
mod signing_keys;
mod simple_jwt;
mod stage;
mod users;
