//! The machinery every service runs on: HTTP, database, events, identity, configuration and telemetry.
//!
//! No business noun lives here. Something enters when two services need it.

pub mod addresses;
pub mod auth;
pub mod client;
pub mod command;
pub mod config;
pub mod db;
pub mod egress;
pub mod http;
pub mod images;
pub mod jobs;
mod log_format;
mod log_lines;
pub mod provision;
pub mod redis;
pub mod retry;
mod spans;
pub mod streams;
pub mod telemetry;
pub mod values;
pub mod worker;
pub mod zones;

pub use http::problem::Problem;
