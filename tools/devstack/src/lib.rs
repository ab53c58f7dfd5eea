//! The platform on one machine: engines, processes, demo, and what talks to them.

pub mod demo;
pub mod engines;
pub mod http;
pub mod layout;
pub mod logs;
pub mod mails;
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
pub mod waiting;
pub mod wire;
pub mod workspace;

pub use demo::Demo;
pub use platform::{Options, Platform};
pub use progress::Progress;
pub use workspace::Profile;
