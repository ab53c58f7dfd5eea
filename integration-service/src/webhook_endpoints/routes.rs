//! Paths of webhook endpoints.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Webhook endpoints")
        .get("/api/v2/webhook-endpoints", "List webhook endpoints", handlers::list::list)
        .post("/api/v2/webhook-endpoints", "Create a webhook endpoint", handlers::create::create)
        .about(
            "Events are patterns such as `Lead.CREATE` or `Lead.*`. Requests are signed as Standard \
             Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`). The secret is \
             returned only once.",
        )
        .get("/api/v2/webhook-endpoints/{id}", "Get a webhook endpoint", handlers::read::read)
        .put("/api/v2/webhook-endpoints/{id}", "Replace a webhook endpoint", handlers::update::replace)
        .patch("/api/v2/webhook-endpoints/{id}", "Update a webhook endpoint", handlers::update::update)
        .delete("/api/v2/webhook-endpoints/{id}", "Delete a webhook endpoint", handlers::archive::archive)
        .about("It can be restored.")
        .post(
            "/api/v2/webhook-endpoints/{id}/restore",
            "Restore a deleted webhook endpoint",
            handlers::archive::restore,
        )
        .post(
            "/api/v2/webhook-endpoints/{id}/rotate_secret",
            "Rotate the secret of a webhook endpoint",
            handlers::rotate_secret::rotate_secret,
        )
        .named("rotate_webhook_endpoint_secret")
        .about("The new secret is returned only once.")
}
