//! Tests of the whole platform as real processes.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails loudly"
)]

mod access;
mod belongings;
mod browser;
mod cast;
mod credentials;
mod faults;
mod imports;
mod journey;
mod moves;
mod outside;
mod scopes;
mod story;
mod strangers;
