//! One file per verb.

pub mod list;
pub mod read;
pub mod relatives;
pub mod remove;
pub mod reports_to;
pub mod tree;
pub mod update;
pub mod update_role;
