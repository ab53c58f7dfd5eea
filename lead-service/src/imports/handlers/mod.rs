//! One file per verb.

pub mod create;
pub mod errors;
pub mod find;
pub mod undo;
mod upload;
