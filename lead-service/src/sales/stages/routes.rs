//! Paths of stages, below their pipeline.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Pipelines")
        .get("/api/v2/pipelines/{id}/stages", "List the stages of a pipeline", handlers::list::list)
        .about("In their order.")
        .post("/api/v2/pipelines/{id}/stages", "Create a stage", handlers::create::create)
        .post(
            "/api/v2/pipelines/{id}/stages/reorder",
            "Reorder the stages of a pipeline",
            handlers::reorder::reorder,
        )
        .named("reorder_stages")
        .get("/api/v2/pipelines/{id}/stages/{stage_id}", "Get a stage", handlers::read::read)
        .put("/api/v2/pipelines/{id}/stages/{stage_id}", "Replace a stage", handlers::update::replace)
        .patch("/api/v2/pipelines/{id}/stages/{stage_id}", "Update a stage", handlers::update::update)
        .delete("/api/v2/pipelines/{id}/stages/{stage_id}", "Delete a stage", handlers::archive::archive)
        .about("Only a stage without deals can be deleted.")
        .post(
            "/api/v2/pipelines/{id}/stages/{stage_id}/restore",
            "Restore a deleted stage",
            handlers::archive::restore,
        )
}
