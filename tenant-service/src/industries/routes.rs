//! Paths of industries.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("industries")
        .get("/api/v2/industries", "List industries", handlers::list)
        .post("/api/v2/industries", "Add an industry", handlers::create)
        .get("/api/v2/industries/{id}", "Read an industry", handlers::read)
        .put("/api/v2/industries/{id}", "Replace an industry", handlers::replace)
        .patch("/api/v2/industries/{id}", "Change an industry", handlers::update)
        .delete("/api/v2/industries/{id}", "Delete an industry", handlers::archive)
        .post("/api/v2/industries/{id}/restore", "Restore a deleted industry", handlers::restore)
}
