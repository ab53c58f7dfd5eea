//! Paths of configurations.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("configs")
        .get("/api/v2/configs", "List configurations", handlers::list)
        .post("/api/v2/configs", "Add a configuration", handlers::create)
        .get("/api/v2/configs/{id}", "Read a configuration", handlers::read)
        .put("/api/v2/configs/{id}", "Replace a configuration", handlers::replace)
        .patch("/api/v2/configs/{id}", "Change a configuration", handlers::update)
        .delete("/api/v2/configs/{id}", "Delete a configuration", handlers::archive)
}
