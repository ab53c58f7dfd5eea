//! Rate limits per address, user, API key and tenant.

pub mod gcra;
pub mod ledger;
pub mod shared;

pub use ledger::{Ledger, Subject};
