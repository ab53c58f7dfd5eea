//! One file per verb.

pub mod archive;
pub mod create;
pub mod grant;
pub mod list;
pub mod read;
pub mod update;
