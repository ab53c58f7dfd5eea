//! Paths of the audit.

use contracts::internal::audit::RecordOccurrences;
use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("audit")
        .get("/api/v2/audit", "List who did what to identity and access", handlers::list)
        .internal::<RecordOccurrences, _, _>("Hand in what happened to identity and access", handlers::record)
}
