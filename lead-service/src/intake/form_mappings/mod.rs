//! Form mapping of an API key: names of the form's fields, and recognition of bots.

mod api;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use domain::{Form, read};
pub use routes::routes;

/// Name of the entity in events.
pub const ENTITY: &str = "FormMapping";
