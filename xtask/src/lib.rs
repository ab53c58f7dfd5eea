//! The workspace's own tasks: run the whole platform on one machine, test it, and check the house rules.

pub mod bench;
pub mod cli;
pub mod commands;
pub mod demo;
pub mod engines;
pub mod http;
pub mod layout;
pub mod logs;
pub mod output;
pub mod platform;
pub mod ports;
pub mod progress;
pub mod secrets;
pub mod seed;
pub mod services;
pub mod state;
pub mod supervisor;
pub mod tidy;
pub mod waiting;
pub mod workspace;

pub use demo::Demo;
pub use platform::{Options, Platform};
pub use progress::Progress;
pub use workspace::Profile;
