//! Paths of the audit.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("audit").get("/api/v2/audit", "List who did what to identity and access", handlers::list)
}
