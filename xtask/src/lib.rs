//! The workspace's own tasks: run the platform on one machine, test it, and check the house rules.

pub mod cli;
pub mod commands;
pub mod tidy;
