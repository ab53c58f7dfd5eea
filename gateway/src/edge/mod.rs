//! Request pipeline: the steps that every request passes.

pub mod address;
pub mod admission;
pub mod canonical;
pub mod cors;
pub mod exchange;
pub mod finish;
pub mod forward;
pub mod headers;
pub mod identity;
pub mod pipeline;
pub mod streams;
mod unread;
