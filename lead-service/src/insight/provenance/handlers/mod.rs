//! Handlers for people and for enrichment-service.

pub mod asked;
pub mod enrich;
pub mod read;
pub mod steps;
