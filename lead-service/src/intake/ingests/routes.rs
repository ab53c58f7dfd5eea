//! Paths of the ledger.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Submissions")
        .get("/api/v2/ingests", "List submissions", handlers::find::list)
        .named("list_submissions")
        .about("What forms and keys sent, and what became of it. `status=held` and `status=quarantined` wait for a review.")
        .get("/api/v2/ingests/{id}", "Get a submission", handlers::find::read)
        .named("get_submission")
        .post("/api/v2/ingests/{id}/release", "Release a submission", handlers::release::release)
        .named("release_submission")
        .about(
            "Takes a submission in that waits for a review: as a lead of its own (`new`), or as one about the lead with the \
             given id.",
        )
        .post("/api/v2/ingests/{id}/reject", "Reject a submission", handlers::reject::reject)
        .named("reject_submission")
        .about("The submission no longer waits for a review. It stays in the list.")
        .post("/api/v2/ingests/{id}/replay", "Replay a submission", handlers::replay::replay)
        .named("replay_submission")
        .about(
            "Processes a submission again, with the rules and mapping of now. A refused or held one is taken in. The lead \
             that the submission made or filled gets what is read now; what has changed since stays.",
        )
}
