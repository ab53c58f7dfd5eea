//! Paths of the ledger.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Submissions")
        .get("/api/v2/ingests", "List submissions", handlers::list)
        .named("list_submissions")
        .about("What forms and keys sent, and what became of it.")
        .get("/api/v2/ingests/{id}", "Get a submission", handlers::read)
        .named("get_submission")
        .post("/api/v2/ingests/{id}/replay", "Replay a submission", handlers::replay)
        .named("replay_submission")
        .about("Processes a refused or held submission again, with the rules and mapping of now.")
}
