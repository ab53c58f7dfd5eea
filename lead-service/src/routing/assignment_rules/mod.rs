//! Assignment rules: ordered, with conditions, each naming a member or a team.

pub mod api;
mod domain;
mod entity;
mod handlers;
mod routes;
mod store;

pub use self::{handlers::simulate::SimulatedAssignment, routes::routes};
