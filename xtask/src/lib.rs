//! Tasks of the workspace: running the platform on one machine, tests, and checks.

pub mod cli;
pub mod commands;
pub mod tidy;
