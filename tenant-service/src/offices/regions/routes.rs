//! Paths of regions.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Regions")
        .get("/api/v2/regions", "List regions", handlers::list)
        .post("/api/v2/regions", "Create a region", handlers::create)
        .get("/api/v2/regions/{id}", "Get a region", handlers::read)
        .put("/api/v2/regions/{id}", "Replace a region", handlers::replace)
        .patch("/api/v2/regions/{id}", "Update a region", handlers::update)
        .delete("/api/v2/regions/{id}", "Delete a region", handlers::archive)
        .about("It can be restored.")
        .post("/api/v2/regions/{id}/restore", "Restore a deleted region", handlers::restore)
}
