//! Path of the ledger.

use platform::http::Routes;

use super::handlers::usage;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Enrichment")
        .get("/api/v2/enrichment/usage", "Add up what enrichment cost", usage)
        .named("get_enrichment_usage")
        .about("`calls` is the number of requests that providers saw.")
}
