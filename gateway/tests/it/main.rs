//! The gateway as its callers see it, before services that are fakes.

mod authentication;
mod bodies;
mod canonical;
mod cors;
mod failures;
mod fake;
mod forwarding;
mod limits;
mod own_routes;
mod raw;
mod routing;
mod tenancy;
mod tokens;
mod world;
