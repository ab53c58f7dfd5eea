//! Paths of regions.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("regions")
        .get("/api/v2/regions", "List regions", handlers::list)
        .post("/api/v2/regions", "Add a region", handlers::create)
        .get("/api/v2/regions/{id}", "Read a region", handlers::read)
        .put("/api/v2/regions/{id}", "Replace a region", handlers::replace)
        .patch("/api/v2/regions/{id}", "Change a region", handlers::update)
        .delete("/api/v2/regions/{id}", "Delete a region", handlers::archive)
        .post("/api/v2/regions/{id}/restore", "Restore a deleted region", handlers::restore)
}
