//! One file per report.

pub mod board;
pub mod forecast;
pub mod funnel;
