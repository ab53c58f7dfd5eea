//! One file per verb.

pub mod change;
pub mod forgot;
pub mod reset;
