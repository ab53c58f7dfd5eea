//! One file per verb; the four steps of a run share one.

pub mod read;
pub mod start;
pub mod steps;
