//! One file per verb.

pub mod address;
pub mod create;
pub mod list;
pub mod revoke;
pub mod update;
