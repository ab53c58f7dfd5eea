//! Paths of leads.

use platform::http::Routes;

use super::{api::LeadView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("leads")
        .get("/api/v2/leads", "List leads", entities::list::<LeadView>)
        .post("/api/v2/leads", "Add a lead", handlers::create::create)
        .get("/api/v2/leads/{id}", "Read a lead", entities::read::<LeadView>)
        .put("/api/v2/leads/{id}", "Replace a lead", entities::replace::<LeadView>)
        .patch("/api/v2/leads/{id}", "Change a lead", entities::update::<LeadView>)
        .delete("/api/v2/leads/{id}", "Delete a lead", entities::archive::<LeadView>)
        .post("/api/v2/leads/{id}/restore", "Restore a deleted lead", entities::restore::<LeadView>)
}
