//! Paths of scoring models.

use platform::http::Routes;

use super::{api::ScoringModelView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Scoring models")
        .get("/api/v2/scoring-models", "List scoring models", entities::list::<ScoringModelView>)
        .post("/api/v2/scoring-models", "Create a scoring model", entities::create::<ScoringModelView>)
        .get(
            "/api/v2/scoring-models/rescoring",
            "Get the progress of rescoring",
            handlers::rescoring::rescoring,
        )
        .named("get_rescoring_progress")
        .about("After a change of scoring models, leads are scored again in the background.")
        .get("/api/v2/scoring-models/{id}", "Get a scoring model", entities::read::<ScoringModelView>)
        .put("/api/v2/scoring-models/{id}", "Replace a scoring model", entities::replace::<ScoringModelView>)
        .patch("/api/v2/scoring-models/{id}", "Update a scoring model", entities::update::<ScoringModelView>)
        .delete(
            "/api/v2/scoring-models/{id}",
            "Delete a scoring model",
            entities::archive::<ScoringModelView>,
        )
        .about("It can be restored.")
        .post(
            "/api/v2/scoring-models/{id}/restore",
            "Restore a deleted scoring model",
            entities::restore::<ScoringModelView>,
        )
}
