//! One file per verb.

pub mod begin;
pub mod second_factor;
