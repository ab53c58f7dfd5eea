//! One file per verb.

pub mod create;
pub mod found;
