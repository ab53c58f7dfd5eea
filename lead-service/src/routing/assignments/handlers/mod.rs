//! One file per verb.

pub mod trace;
