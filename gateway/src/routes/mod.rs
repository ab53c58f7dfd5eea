//! Which service a path belongs to and what it demands.

pub mod document;
pub mod loader;
pub mod merged;
pub mod operation;
pub mod overview;
pub mod owners;
pub mod table;
pub mod template;
