//! Paths of permissions.

use contracts::internal::permissions::RegisterPermissions;
use platform::http::Routes;

use super::handlers::{list, register};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("permissions")
        .get("/api/v2/permissions", "List what roles can allow, and on which routes", list::list)
        .internal::<RegisterPermissions, _, _>(
            "Register the permissions that a service's routes demand",
            register::register,
        )
}
