//! Routes of jobs.

use contracts::internal::enrichments::StartJob;
use platform::http::Routes;

use super::handlers::{cancel::cancel, list::list, read::read, retry::retry, start::start};

/// The routes.
pub fn routes() -> Routes {
    Routes::tagged("Enrichment")
        .get("/api/v2/enrichment/jobs", "List enrichment jobs", list)
        .named("list_enrichment_jobs")
        .get("/api/v2/enrichment/jobs/{id}", "Get an enrichment job", read)
        .named("get_enrichment_job")
        .post("/api/v2/enrichment/jobs/{id}/retry", "Retry an enrichment job", retry)
        .named("retry_enrichment_job")
        .about("For jobs that failed or were cancelled.")
        .post("/api/v2/enrichment/jobs/{id}/cancel", "Cancel an enrichment job", cancel)
        .named("cancel_enrichment_job")
}

/// What other services ask.
pub fn internal_routes() -> Routes {
    Routes::tagged("internal").internal::<StartJob, _, _>("Start an enrichment job", start)
}
