//! The gateway: routes, authenticates, authorises and limits every request, then streams it to the service it is for.
//!
//! A request with token, access and limits in memory needs neither Redis nor any service but its own.

pub mod access;
pub mod auth;
pub mod builtin;
pub mod command;
pub mod config;
pub mod edge;
pub mod incoming;
pub mod invalidation;
pub mod limits;
pub mod routes;
pub mod server;
pub mod state;
pub mod upstream;
