//! One file per verb of its own.

pub mod create;
pub mod update;
pub mod verify;
