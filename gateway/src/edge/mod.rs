//! The edge: what is looked at and done for every request, whoever it is for.

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
