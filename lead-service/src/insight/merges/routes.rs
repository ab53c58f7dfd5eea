//! Paths of duplicates and merges.

use platform::http::Routes;

use super::{duplicates, merge, undo};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Duplicates")
        .get("/api/v2/leads/duplicates", "List possible duplicates", duplicates::duplicates)
        .named("list_duplicate_leads")
        .about(
            "Groups of leads that seem to be the same person: by e-mail address, phone number, \
             LinkedIn profile, or similar name and company.",
        )
        .post("/api/v2/leads/merge", "Merge leads", merge::merge)
        .about(
            "The ids of the others lead to the winner from then on. `POST /api/v2/merges/{id}/undo` \
             takes the merge back.",
        )
        .post("/api/v2/merges/{id}/undo", "Undo a merge", undo::undo)
}
