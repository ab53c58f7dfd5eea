//! Paths of duplicates and merges.

use platform::http::Routes;

use super::{duplicates, merge, undo};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("merges")
        .get("/api/v2/leads/duplicates", "List leads that seem to be the same person", duplicates::duplicates)
        .post("/api/v2/leads/merge", "Merge leads into one", merge::merge)
        .post("/api/v2/merges/{id}/undo", "Take a merge apart again", undo::undo)
}
