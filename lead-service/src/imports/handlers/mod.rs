//! One file per verb.

pub mod create;
pub mod errors;
pub mod find;
mod planning;
pub mod preview;
pub mod rows;
pub mod start;
pub mod undo;
mod upload;
