//! Paths of scoring models.

use platform::http::Routes;

use super::{api::ScoringModelView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("scoring-models")
        .get("/api/v2/scoring-models", "List scoring models", entities::list::<ScoringModelView>)
        .post("/api/v2/scoring-models", "Add a scoring model", entities::create::<ScoringModelView>)
        .get(
            "/api/v2/scoring-models/rescoring",
            "How far leads are scored anew",
            handlers::rescoring::rescoring,
        )
        .get("/api/v2/scoring-models/{id}", "Read a scoring model", entities::read::<ScoringModelView>)
        .put("/api/v2/scoring-models/{id}", "Replace a scoring model", entities::replace::<ScoringModelView>)
        .patch("/api/v2/scoring-models/{id}", "Change a scoring model", entities::update::<ScoringModelView>)
        .delete(
            "/api/v2/scoring-models/{id}",
            "Delete a scoring model",
            entities::archive::<ScoringModelView>,
        )
        .post(
            "/api/v2/scoring-models/{id}/restore",
            "Restore a deleted scoring model",
            entities::restore::<ScoringModelView>,
        )
}
