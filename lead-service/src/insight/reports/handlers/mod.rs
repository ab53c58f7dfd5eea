//! One file per report.

pub mod board;
pub mod forecast;
pub mod funnel;
pub mod win_rate;
