//! One file per verb.

pub mod archive;
pub mod check;
pub mod create;
pub mod list;
pub mod read;
pub mod rotate;
pub mod token;
pub mod update;
