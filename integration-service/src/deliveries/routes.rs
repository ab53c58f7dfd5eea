//! Paths of deliveries.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Webhook deliveries")
        .get("/api/v2/deliveries", "List webhook deliveries", handlers::list::list)
        .get("/api/v2/deliveries/{id}", "Get a webhook delivery", handlers::read::read)
        .about("With the attempts that were made and what the endpoint answered.")
        .post("/api/v2/deliveries/{id}/replay", "Replay a webhook delivery", handlers::replay::replay)
        .about("Sends the same event to the endpoint again.")
}
