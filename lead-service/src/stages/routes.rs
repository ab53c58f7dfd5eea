//! Paths of stages, below their pipeline.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("pipelines")
        .get("/api/v2/pipelines/{id}/stages", "List a pipeline's stages in order", handlers::list::list)
        .post("/api/v2/pipelines/{id}/stages", "Add a stage", handlers::create::create)
        .post("/api/v2/pipelines/{id}/stages/reorder", "Put the stages in order", handlers::reorder::reorder)
        .get("/api/v2/pipelines/{id}/stages/{stage_id}", "Read a stage", handlers::read::read)
        .put("/api/v2/pipelines/{id}/stages/{stage_id}", "Replace a stage", handlers::update::replace)
        .patch("/api/v2/pipelines/{id}/stages/{stage_id}", "Change a stage", handlers::update::update)
        .delete(
            "/api/v2/pipelines/{id}/stages/{stage_id}",
            "Delete a stage without deals",
            handlers::archive::archive,
        )
        .post(
            "/api/v2/pipelines/{id}/stages/{stage_id}/restore",
            "Restore a deleted stage",
            handlers::archive::restore,
        )
}
