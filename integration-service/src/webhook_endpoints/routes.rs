//! Paths of webhook endpoints.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("webhook endpoints")
        .get("/api/v2/webhook-endpoints", "List webhook endpoints", handlers::list::list)
        .post("/api/v2/webhook-endpoints", "Add a webhook endpoint", handlers::create::create)
        .get("/api/v2/webhook-endpoints/{id}", "Read a webhook endpoint", handlers::read::read)
        .put("/api/v2/webhook-endpoints/{id}", "Replace a webhook endpoint", handlers::update::replace)
        .patch("/api/v2/webhook-endpoints/{id}", "Change a webhook endpoint", handlers::update::update)
        .delete("/api/v2/webhook-endpoints/{id}", "Delete a webhook endpoint", handlers::archive::archive)
        .post(
            "/api/v2/webhook-endpoints/{id}/restore",
            "Restore a deleted webhook endpoint",
            handlers::archive::restore,
        )
        .post(
            "/api/v2/webhook-endpoints/{id}/rotate_secret",
            "Give a webhook endpoint a new secret",
            handlers::rotate_secret::rotate_secret,
        )
}
