//! Paths of waterfalls.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Waterfalls")
        .get("/api/v2/enrichment/waterfalls", "List waterfalls", handlers::list::list)
        .named("list_waterfalls")
        .post("/api/v2/enrichment/waterfalls", "Create a waterfall", handlers::create::create)
        .named("create_waterfall")
        .about("A provider is asked only while a wanted field is empty or not sure enough.")
        .get("/api/v2/enrichment/waterfalls/{id}", "Get a waterfall", handlers::read::read)
        .named("get_waterfall")
        .put("/api/v2/enrichment/waterfalls/{id}", "Replace a waterfall", handlers::update::replace)
        .named("replace_waterfall")
        .patch("/api/v2/enrichment/waterfalls/{id}", "Update a waterfall", handlers::update::update)
        .named("update_waterfall")
        .delete("/api/v2/enrichment/waterfalls/{id}", "Delete a waterfall", handlers::archive::archive)
        .named("delete_waterfall")
        .about("It can be restored.")
        .post(
            "/api/v2/enrichment/waterfalls/{id}/restore",
            "Restore a deleted waterfall",
            handlers::archive::restore,
        )
        .named("restore_waterfall")
        .post(
            "/api/v2/enrichment/waterfalls/{id}/estimate",
            "Estimate a run of a waterfall",
            handlers::estimate::estimate,
        )
        .named("estimate_waterfall")
        .about("What it takes at most: every step asked about every record. Nothing is asked.")
}
