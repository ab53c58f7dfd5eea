//! The gateway as its callers see it, before services that are fakes.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails loudly"
)]

mod authentication;
mod bodies;
mod bounds;
mod builtin_routes;
mod canonical;
mod cookies;
mod cors;
mod failures;
mod fake;
mod foreign;
mod forwarding;
mod leaving;
mod limits;
mod line;
mod outages;
mod proof;
mod published;
mod raw;
mod replicas;
mod routing;
mod streams;
mod tenancy;
mod tokens;
mod web_app;
mod world;
