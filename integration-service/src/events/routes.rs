//! Paths of events.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("events")
        .get("/api/v2/events", "List events and how they were handled", handlers::list::list)
        .get("/api/v2/events/{id}", "Read an event", handlers::read::read)
        .post("/api/v2/events/{id}/retry", "Handle a failed event again", handlers::retry::retry)
}
