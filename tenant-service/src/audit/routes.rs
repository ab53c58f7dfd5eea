//! Paths of the audit.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Audit")
        .get("/api/v2/audit", "List audit entries", handlers::list)
        .named("list_audit_entries")
        .about("Who changed identity and access, when and how.")
}
