//! Routes of jobs.

use contracts::internal::enrichments::StartJob;
use platform::http::Routes;

use super::handlers::{cancel::cancel, list::list, read::read, retry::retry, start::start};

/// The routes.
pub fn routes() -> Routes {
    Routes::tagged("enrichment")
        .get("/api/v2/enrichment/jobs", "List enrichment jobs", list)
        .get("/api/v2/enrichment/jobs/{id}", "Read an enrichment job", read)
        .post("/api/v2/enrichment/jobs/{id}/retry", "Run a failed or cancelled job again", retry)
        .post("/api/v2/enrichment/jobs/{id}/cancel", "Call a job off", cancel)
}

/// What other services ask.
pub fn internal_routes() -> Routes {
    Routes::tagged("internal").internal::<StartJob, _, _>("Start a job", start)
}
