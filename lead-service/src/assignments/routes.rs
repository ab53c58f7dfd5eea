//! Paths of assignments.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("leads").get(
        "/api/v2/leads/{id}/assignment_trace",
        "Why a lead went to whom it went",
        handlers::trace::trace,
    )
}
