//! Paths of imports.

use platform::http::Routes;

use super::handlers;

/// Largest file taken, in bytes.
const FILE_LIMIT: usize = 50 << 20;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Imports")
        .get("/api/v2/imports", "List imports", handlers::find::list)
        .post("/api/v2/imports", "Import leads from a file", handlers::create::create)
        .about(
            "The file is read in the background; `GET /api/v2/imports/{id}` shows the progress.",
        )
        .body_limit(FILE_LIMIT)
        .get("/api/v2/imports/{id}", "Get an import", handlers::find::read)
        .about("With its progress and counts.")
        .get(
            "/api/v2/imports/{id}/errors",
            "Download the rows that could not be imported",
            handlers::errors::errors,
        )
        .named("download_import_errors")
        .about(
            "In the format of the imported file, with `import_row` and `import_errors`, so that it \
             can be corrected and imported again.",
        )
        .post(
            "/api/v2/imports/{id}/commit",
            "Commit a validated import",
            handlers::commit::commit,
        )
        .about("Writes the leads of an import that was made with `mode=validate`.")
        .post("/api/v2/imports/{id}/undo", "Undo an import", handlers::undo::undo)
        .about("Deletes the leads that the import created and restores those that it changed.")
}
