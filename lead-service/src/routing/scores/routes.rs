//! Paths of scores.

use contracts::internal::engagements::RecordEngagements;
use platform::http::Routes;

use super::{engagements, handlers};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Leads")
        .get("/api/v2/leads/{id}/score", "Explain the score of a lead", handlers::read::read)
        .about("At a point in time, if one is given.")
        .post("/api/v2/leads/{id}/score", "Recalculate the score of a lead", handlers::refresh::refresh)
}

/// What other services ask.
pub fn internal_routes() -> Routes {
    Routes::tagged("internal")
        .internal::<RecordEngagements, _, _>("Record engagements of leads", engagements::told)
}
