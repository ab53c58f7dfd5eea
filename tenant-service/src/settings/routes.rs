//! Paths of settings.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("settings")
        .get("/api/v2/settings", "List the tenant's settings and one's own", handlers::list)
        .post("/api/v2/settings", "Add a setting", handlers::create)
        .post("/api/v2/settings/bulk_update", "Write several settings, all or none", handlers::bulk_update)
        .get("/api/v2/settings/{id}", "Read a setting", handlers::read)
        .put("/api/v2/settings/{id}", "Replace a setting", handlers::replace)
        .patch("/api/v2/settings/{id}", "Change a setting", handlers::update)
        .delete("/api/v2/settings/{id}", "Delete a setting", handlers::archive)
}
