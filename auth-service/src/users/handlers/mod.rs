//! One file per verb; `me` is both verbs of one's own account.

pub mod claim;
pub mod describe;
pub mod find;
pub mod list;
pub mod me;
pub mod read;
pub mod update;
