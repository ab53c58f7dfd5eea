//! Authentication: access tokens, the keys that verify them, and revocations.

pub mod foreign;
pub mod revocations;
pub mod token;
pub mod verifier;
