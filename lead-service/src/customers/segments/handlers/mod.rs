//! One file per verb of its own.

pub mod find;
pub mod members;
