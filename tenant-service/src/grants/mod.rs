//! Answers the other services' questions: who may do what where, and who belongs to whom.

mod handlers;
mod routes;
mod store;

pub use routes::routes;
