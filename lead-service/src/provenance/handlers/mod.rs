//! What people ask, and what enrichment-service asks.

pub mod asked;
pub mod enrich;
pub mod read;
pub mod steps;
