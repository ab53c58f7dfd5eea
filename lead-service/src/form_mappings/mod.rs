//! What the form behind an API key calls its fields, and how its submissions are told from those that no person sent.

mod api;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use domain::{Form, read};
pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "FormMapping";
