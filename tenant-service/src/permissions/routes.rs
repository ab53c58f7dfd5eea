//! Paths of permissions.

use contracts::internal::permissions::RegisterPermissions;
use platform::http::Routes;

use super::handlers::{list, register};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Roles")
        .get("/api/v2/permissions", "List permissions", list::list)
        .about("What roles can grant, and which routes require it.")
        .internal::<RegisterPermissions, _, _>("Register a service's permissions", register::register)
}
