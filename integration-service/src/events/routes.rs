//! Paths of events.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Events")
        .get("/api/v2/events", "List events", handlers::list::list)
        .about("Every change of a record is an event, with its state of processing.")
        .get("/api/v2/events/{id}", "Get an event", handlers::read::read)
        .post("/api/v2/events/{id}/retry", "Retry a failed event", handlers::retry::retry)
}
