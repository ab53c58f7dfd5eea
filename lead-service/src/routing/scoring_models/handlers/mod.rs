//! One file per verb.

pub mod rescoring;
