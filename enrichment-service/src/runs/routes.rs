//! Paths of runs.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Enrichment runs")
        .get("/api/v2/enrichment/runs", "List enrichment runs", handlers::read::list)
        .named("list_enrichment_runs")
        .post("/api/v2/enrichment/runs", "Start an enrichment run", handlers::start::start)
        .named("start_enrichment_run")
        .about(
            "One job for each record. The records are chosen at the start, newest first; those that the starter no longer \
             sees are skipped.",
        )
        .get("/api/v2/enrichment/runs/{id}", "Get an enrichment run", handlers::read::read)
        .named("get_enrichment_run")
        .post("/api/v2/enrichment/runs/{id}/pause", "Pause an enrichment run", handlers::steps::pause)
        .named("pause_enrichment_run")
        .post("/api/v2/enrichment/runs/{id}/resume", "Resume an enrichment run", handlers::steps::resume)
        .named("resume_enrichment_run")
        .about("Also one whose budget was used up, when there is budget again.")
        .post("/api/v2/enrichment/runs/{id}/cancel", "Cancel an enrichment run", handlers::steps::cancel)
        .named("cancel_enrichment_run")
        .about("Calls under way end; their answers are paid and not written.")
        .post("/api/v2/enrichment/runs/{id}/retry_failed", "Retry what failed in an enrichment run", handlers::steps::retry_failed)
        .named("retry_failed_enrichment_run")
}
