//! Paths of deliveries.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("deliveries")
        .get("/api/v2/deliveries", "List outbound deliveries", handlers::list::list)
        .get("/api/v2/deliveries/{id}", "Read an outbound delivery", handlers::read::read)
        .post("/api/v2/deliveries/{id}/replay", "Send a delivery again", handlers::replay::replay)
}
