//! Paths of settings.

use platform::http::Routes;

use super::{configs, context, handlers};

/// The routes of settings, configurations and what is made of both.
pub fn routes() -> Routes {
    Routes::tagged("Settings")
        .get("/api/v2/settings", "List settings", handlers::list)
        .about("The tenant's settings and the caller's own.")
        .post("/api/v2/settings", "Create a setting", handlers::create)
        .post("/api/v2/settings/bulk_update", "Update several settings", handlers::bulk_update)
        .about("All of them or none.")
        .get("/api/v2/settings/{id}", "Get a setting", handlers::read)
        .put("/api/v2/settings/{id}", "Replace a setting", handlers::replace)
        .patch("/api/v2/settings/{id}", "Update a setting", handlers::update)
        .delete("/api/v2/settings/{id}", "Delete a setting", handlers::archive)
        .and(configs::routes())
        .and(context::routes())
}
