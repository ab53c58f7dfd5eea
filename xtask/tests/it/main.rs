//! The whole platform, as real processes, from a form's post to everything that follows.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails loudly")]

mod browser;
mod faults;
mod journey;
mod outside;
