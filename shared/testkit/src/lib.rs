//! Shared test support: a database per test, a running service, signed callers, checks of isolation.
//!
//! Real PostgreSQL and Redis, named by `LEADSTREAM_TEST_POSTGRES_URL` and `LEADSTREAM_TEST_REDIS_URL`;
//! `cargo xtask test` starts both.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails loudly"
)]

pub mod app;
pub mod caller;
pub mod database;
pub mod isolation;
pub mod moving;
pub mod settings;
pub mod shown;

pub use app::TestApp;
pub use caller::{Caller, Reply, client_id};
pub use database::TestDatabase;
