//! Path of raw answers.

use platform::http::Routes;

use super::handlers::export;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Enrichment")
        .get("/api/v2/enrichment/raw", "Export providers' raw answers", export)
        .named("export_enrichment_raw")
        .about("One JSON object a line, oldest first, of any number.")
}
