//! Tests of the library that services are built on, against real PostgreSQL and Redis.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails loudly")]

mod calls;
mod jobs;
mod letters;
