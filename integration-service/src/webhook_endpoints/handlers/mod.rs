//! One file per verb.

pub mod archive;
pub mod create;
pub mod list;
pub mod read;
pub mod rotate_secret;
pub mod update;
