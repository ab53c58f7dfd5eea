//! Paths of scores.

use contracts::internal::engagements::RecordEngagements;
use platform::http::Routes;

use super::{engagements, handlers};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("leads")
        .get("/api/v2/leads/{id}/score", "A lead's score at a time, explained", handlers::read::read)
        .post("/api/v2/leads/{id}/score", "Score a lead anew", handlers::refresh::refresh)
}

/// What other services ask.
pub fn internal_routes() -> Routes {
    Routes::tagged("internal")
        .internal::<RecordEngagements, _, _>("Take down what leads did", engagements::told)
}
