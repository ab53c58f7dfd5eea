//! One file per verb.

pub mod commit;
pub mod create;
pub mod errors;
pub mod find;
pub mod undo;
mod upload;
