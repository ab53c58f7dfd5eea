//! Paths of pipelines.

use platform::http::Routes;

use super::api::PipelineView;
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Pipelines")
        .get("/api/v2/pipelines", "List pipelines", entities::list::<PipelineView>)
        .post("/api/v2/pipelines", "Create a pipeline", entities::create::<PipelineView>)
        .get("/api/v2/pipelines/{id}", "Get a pipeline", entities::read::<PipelineView>)
        .put("/api/v2/pipelines/{id}", "Replace a pipeline", entities::replace::<PipelineView>)
        .patch("/api/v2/pipelines/{id}", "Update a pipeline", entities::update::<PipelineView>)
        .delete("/api/v2/pipelines/{id}", "Delete a pipeline", entities::archive::<PipelineView>)
        .about("Only a pipeline without deals can be deleted.")
        .post(
            "/api/v2/pipelines/{id}/restore",
            "Restore a deleted pipeline",
            entities::restore::<PipelineView>,
        )
}
