//! Who is signed in: access tokens, the keys they are verified with, and what voids them early.

pub mod foreign;
pub mod revocations;
pub mod token;
pub mod verifier;
