//! Paths of configurations.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Configurations")
        .get("/api/v2/configs", "List configurations", handlers::list)
        .about("Values that the platform sets for all tenants.")
        .post("/api/v2/configs", "Create a configuration", handlers::create)
        .get("/api/v2/configs/{id}", "Get a configuration", handlers::read)
        .put("/api/v2/configs/{id}", "Replace a configuration", handlers::replace)
        .patch("/api/v2/configs/{id}", "Update a configuration", handlers::update)
        .delete("/api/v2/configs/{id}", "Delete a configuration", handlers::archive)
}
