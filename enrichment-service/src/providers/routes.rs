//! Paths of providers.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Enrichment providers")
        .get("/api/v2/enrichment/presets", "List presets of providers", handlers::presets::presets)
        .named("list_enrichment_presets")
        .about("Configurations of kind `http` that are ready but for their credentials.")
        .get("/api/v2/enrichment/providers", "List enrichment providers", handlers::list::list)
        .named("list_enrichment_providers")
        .post("/api/v2/enrichment/providers", "Create an enrichment provider", handlers::create::create)
        .named("create_enrichment_provider")
        .about("Credentials are sealed and never answered. They are for the scheme, host and port of the address only.")
        .get("/api/v2/enrichment/providers/{id}", "Get an enrichment provider", handlers::read::read)
        .named("get_enrichment_provider")
        .put("/api/v2/enrichment/providers/{id}", "Replace an enrichment provider", handlers::update::replace)
        .named("replace_enrichment_provider")
        .about("Credentials that are left out stay.")
        .patch("/api/v2/enrichment/providers/{id}", "Update an enrichment provider", handlers::update::update)
        .named("update_enrichment_provider")
        .delete("/api/v2/enrichment/providers/{id}", "Delete an enrichment provider", handlers::archive::archive)
        .named("delete_enrichment_provider")
        .about("It can be restored.")
        .post(
            "/api/v2/enrichment/providers/{id}/restore",
            "Restore a deleted enrichment provider",
            handlers::archive::restore,
        )
        .named("restore_enrichment_provider")
        .post("/api/v2/enrichment/providers/{id}/test", "Test an enrichment provider", handlers::test::test)
        .named("test_enrichment_provider")
        .about("Asks it once. Nothing is written but the ledger: the call costs what a call costs.")
        .post("/api/v2/enrichment/providers/{id}/resume", "Ask an enrichment provider again", handlers::resume::resume)
        .named("resume_enrichment_provider")
}
