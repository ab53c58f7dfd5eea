//! One file per verb.

pub mod archive;
pub mod create;
pub mod list;
pub mod presets;
pub mod read;
pub mod resume;
pub mod test;
pub mod update;
