//! Paths of leads.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("leads")
        .get("/api/v2/leads", "List leads", handlers::list::list)
        .post("/api/v2/leads", "Add a lead", handlers::create::create)
        .get("/api/v2/leads/{id}", "Read a lead", handlers::read::read)
        .put("/api/v2/leads/{id}", "Replace a lead", handlers::update::replace)
        .patch("/api/v2/leads/{id}", "Change a lead", handlers::update::update)
        .delete("/api/v2/leads/{id}", "Delete a lead", handlers::archive::archive)
        .post("/api/v2/leads/{id}/restore", "Restore a deleted lead", handlers::archive::restore)
}
