//! Paths of form mappings, below their key.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("api keys")
        .get("/api/v2/api-keys/{id}/form_mapping", "Read a key's form mapping", handlers::read::read)
        .put("/api/v2/api-keys/{id}/form_mapping", "Set a key's form mapping", handlers::save::save)
        .delete("/api/v2/api-keys/{id}/form_mapping", "Remove a key's form mapping", handlers::remove::remove)
        .post(
            "/api/v2/api-keys/{id}/form_mapping/dry_run",
            "Say what would become of a submission, and change nothing",
            handlers::dry_run::dry_run,
        )
}
