//! One file per verb.

pub mod list;
pub mod mark_read;
pub mod read;
pub mod stream;
