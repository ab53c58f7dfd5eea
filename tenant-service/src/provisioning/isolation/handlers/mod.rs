//! One file per verb.

pub mod read;
pub mod start;
