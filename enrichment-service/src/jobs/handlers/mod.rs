//! One file per verb.

pub mod cancel;
pub mod list;
pub mod read;
pub mod retry;
pub mod start;
