//! One file per verb; `me` is both verbs of one's own account.

pub mod describe;
pub mod find;
pub mod list;
pub mod me;
pub mod read;
