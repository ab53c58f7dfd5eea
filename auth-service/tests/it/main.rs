//! auth-service from outside: over HTTP, on real PostgreSQL and Redis, with a stand-in for tenant-service.

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
