//! One file per verb.

pub mod list;
pub mod logout;
pub mod refresh;
pub mod remove;
