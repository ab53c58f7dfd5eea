//! Whose records are, for other services that explain who sees them.

mod domain;
mod handlers;
mod store;

use contracts::internal::owners::FindOwners;
use platform::http::Routes;

/// The slice's routes.
pub fn internal_routes() -> Routes {
    Routes::tagged("internal").internal::<FindOwners, _, _>("Find the owners of a record", handlers::find)
}
