//! One file per verb.

pub mod archive;
pub mod create;
pub mod enrichment;
pub mod fill;
pub mod list;
pub mod read;
pub mod update;
