//! Request pipeline: the steps that every request passes.

pub mod address;
pub mod admission;
pub mod canonical;
pub mod cors;
pub mod context;
pub mod completion;
pub mod proxy;
pub mod headers;
pub mod upstream_request;
pub mod pipeline;
pub mod streams;
mod payload_guard;
