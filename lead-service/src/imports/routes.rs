//! Paths of imports.

use platform::http::Routes;

use super::handlers;

/// Largest file taken, in bytes.
const FILE_LIMIT: usize = 50 << 20;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("imports")
        .get("/api/v2/imports", "List imports", handlers::find::list)
        .post("/api/v2/imports", "Import leads from a file", handlers::create::create)
        .body_limit(FILE_LIMIT)
        .get("/api/v2/imports/{id}", "How far an import is", handlers::find::read)
        .get(
            "/api/v2/imports/{id}/errors",
            "Rows that could not be imported, as a file",
            handlers::errors::errors,
        )
        .post(
            "/api/v2/imports/{id}/commit",
            "Write an import that was only looked at",
            handlers::commit::commit,
        )
        .post("/api/v2/imports/{id}/undo", "Undo an import", handlers::undo::undo)
}
