//! Paths of the ledger.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("ingests")
        .get("/api/v2/ingests", "List submissions and what became of them", handlers::list)
        .get("/api/v2/ingests/{id}", "Read a submission", handlers::read)
        .post("/api/v2/ingests/{id}/replay", "Take a submission in again", handlers::replay)
}
