//! Paths of categories.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Catalog")
        .get("/api/v2/categories", "List categories", handlers::list)
        .post("/api/v2/categories", "Create a category", handlers::create)
        .get("/api/v2/categories/{id}", "Get a category", handlers::read)
        .put("/api/v2/categories/{id}", "Replace a category", handlers::replace)
        .patch("/api/v2/categories/{id}", "Update a category", handlers::update)
        .delete("/api/v2/categories/{id}", "Delete a category", handlers::archive)
        .about("It can be restored.")
        .post("/api/v2/categories/{id}/restore", "Restore a deleted category", handlers::restore)
}
