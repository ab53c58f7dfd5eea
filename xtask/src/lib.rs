//! The workspace's own tasks: run the whole platform on one machine, test it, and check the house rules.

pub mod attack;
pub mod bench;
pub mod cli;
pub mod commands;
pub mod demo;
pub mod engines;
pub mod faults;
pub mod http;
pub mod layout;
pub mod logs;
pub mod mails;
pub mod mutants;
pub mod output;
pub mod people;
pub mod platform;
pub mod ports;
pub mod progress;
pub mod secrets;
pub mod seed;
pub mod services;
pub mod sql;
pub mod state;
pub mod supervisor;
pub mod tidy;
pub mod waiting;
pub mod wire;
pub mod workspace;

pub use demo::Demo;
pub use platform::{Options, Platform};
pub use progress::Progress;
pub use workspace::Profile;
