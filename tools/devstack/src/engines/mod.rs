//! PostgreSQL and Redis: found or installed, set up and run privately.

pub mod account;
pub mod bootstrap;
pub mod find;
pub mod install;
pub mod pair;
pub mod place;
pub mod postgres;
pub mod redis;
pub mod throwaway;

pub use find::Engines;
pub use pair::Pair;
pub use throwaway::ThrowawayEngines;

#[cfg(test)]
mod tests;
