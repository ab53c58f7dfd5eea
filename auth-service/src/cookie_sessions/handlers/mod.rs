//! Handlers of browser sessions.

pub mod begin;
pub mod end;
pub mod refresh;
pub mod second_factor;
