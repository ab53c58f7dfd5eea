//! How many requests are let through: per address, person, API key and tenant.

pub mod gcra;
pub mod ledger;
pub mod shared;

pub use ledger::{Ledger, Subject};
