//! Owners of records, for other services that explain access.

mod domain;
mod handlers;
mod store;

use contracts::internal::owners::FindOwners;
use platform::http::Routes;

/// The slice's routes.
pub fn internal_routes() -> Routes {
    Routes::tagged("internal").internal::<FindOwners, _, _>("Find the owners of a record", handlers::find)
}
