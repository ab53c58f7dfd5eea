//! Rate limits per address, user, API key and tenant.

pub mod gcra;
pub mod limiter;
pub mod shared;

pub use limiter::{RateLimiter, Subject};
