//! Paths of assignments.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Leads")
        .get(
            "/api/v2/leads/{id}/assignment_trace",
            "Explain the assignment of a lead",
            handlers::trace::trace,
        )
        .named("explain_lead_assignment")
        .about("Which rules were looked at, and which of them assigned the lead.")
}
