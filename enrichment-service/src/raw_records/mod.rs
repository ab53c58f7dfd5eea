//! Raw answers of providers, kept to check the values that were read from them.

pub mod store;
