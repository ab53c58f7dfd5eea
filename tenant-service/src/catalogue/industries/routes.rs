//! Paths of industries.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Catalog")
        .get("/api/v2/industries", "List industries", handlers::list)
        .post("/api/v2/industries", "Create an industry", handlers::create)
        .get("/api/v2/industries/{id}", "Get an industry", handlers::read)
        .put("/api/v2/industries/{id}", "Replace an industry", handlers::replace)
        .patch("/api/v2/industries/{id}", "Update an industry", handlers::update)
        .delete("/api/v2/industries/{id}", "Delete an industry", handlers::archive)
        .about("It can be restored.")
        .post("/api/v2/industries/{id}/restore", "Restore a deleted industry", handlers::restore)
}
