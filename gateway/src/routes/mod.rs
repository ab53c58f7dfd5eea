//! Routes: the service of a path and its requirements.

pub mod document;
pub mod loader;
pub mod merged;
pub mod operation;
pub mod overview;
pub mod owners;
pub mod table;
pub mod template;
