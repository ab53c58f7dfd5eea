//! One file per verb.

pub mod end;
pub mod refresh;
