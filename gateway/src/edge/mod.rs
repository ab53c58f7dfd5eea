//! Request pipeline: the steps that every request passes.

pub mod address;
pub mod admission;
pub mod bounds;
pub mod canonical;
pub mod completion;
pub mod context;
pub mod cors;
pub mod headers;
mod payload_guard;
pub mod pipeline;
pub mod proxy;
mod same_origin;
pub mod streams;
pub mod upstream_request;
