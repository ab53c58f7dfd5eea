//! One file per verb.

pub mod list;
pub mod read;
pub mod undo;
