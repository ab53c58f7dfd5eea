//! One file per verb of its own.

pub mod archive;
pub mod create;
pub mod status;
mod totals;
pub mod update;
