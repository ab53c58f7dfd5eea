//! People who may buy.

pub mod api;
pub mod assigning;
pub mod contribution;
pub mod conversion;
pub mod domain;
mod entity;
pub mod events;
pub mod following;
pub mod merged;
pub mod store;
