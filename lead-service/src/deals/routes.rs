//! Paths of deals.

use platform::http::Routes;

use super::{api::DealView, handlers};
use crate::{entities, timelines};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("deals")
        .get("/api/v2/deals", "List deals", entities::list::<DealView>)
        .post("/api/v2/deals", "Add a deal", entities::create::<DealView>)
        .get("/api/v2/deals/{id}", "Read a deal", entities::read::<DealView>)
        .put("/api/v2/deals/{id}", "Replace a deal", entities::replace::<DealView>)
        .patch("/api/v2/deals/{id}", "Change a deal", entities::update::<DealView>)
        .delete("/api/v2/deals/{id}", "Delete a deal", entities::archive::<DealView>)
        .post("/api/v2/deals/{id}/restore", "Restore a deleted deal", entities::restore::<DealView>)
        .post("/api/v2/deals/{id}/move", "Move a deal to another stage", handlers::step::to_stage)
        .post("/api/v2/deals/{id}/win", "Win a deal", handlers::step::win)
        .post("/api/v2/deals/{id}/lose", "Lose a deal", handlers::step::lose)
        .get("/api/v2/deals/{id}/timeline", "What happened to a deal", timelines::timeline::<DealView>)
}
