//! Paths of deals.

use platform::http::Routes;

use super::{api::DealView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Deals")
        .get("/api/v2/deals", "List deals", entities::list::<DealView>)
        .post("/api/v2/deals", "Create a deal", entities::create::<DealView>)
        .get("/api/v2/deals/{id}", "Get a deal", entities::read::<DealView>)
        .put("/api/v2/deals/{id}", "Replace a deal", entities::replace::<DealView>)
        .patch("/api/v2/deals/{id}", "Update a deal", entities::update::<DealView>)
        .delete("/api/v2/deals/{id}", "Delete a deal", entities::archive::<DealView>)
        .about("It can be restored.")
        .post("/api/v2/deals/{id}/restore", "Restore a deleted deal", entities::restore::<DealView>)
        .post("/api/v2/deals/{id}/move", "Move a deal to another stage", handlers::step::to_stage)
        .post("/api/v2/deals/{id}/win", "Mark a deal as won", handlers::step::win)
        .post("/api/v2/deals/{id}/lose", "Mark a deal as lost", handlers::step::lose)
}
