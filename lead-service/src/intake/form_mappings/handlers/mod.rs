//! One file per verb.

pub mod dry_run;
pub mod read;
pub mod remove;
pub mod save;
