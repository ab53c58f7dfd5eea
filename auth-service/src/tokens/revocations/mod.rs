//! Access tokens that are void before they expire. Recorded with what caused them, published at once, and listed
//! for processes that missed the message.

mod announce;
pub mod domain;
mod handlers;
pub mod store;

pub use announce::announce;

use contracts::internal::users::ListRevocations;
use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("internal").internal::<ListRevocations, _, _>("List revoked access tokens", handlers::list)
}
