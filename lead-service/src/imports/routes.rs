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
            "CSV in any character set and with any delimiter, XLSX, JSON, NDJSON or vCard. The columns are \
             recognised by their names and values; what feeds no field is kept in `raw_payload`. The file is \
             read in the background: `GET /api/v2/imports/{id}` shows the progress. With `mode=preview`, and \
             where no column is an address, it waits for `POST /api/v2/imports/{id}/start`.",
        )
        .body_limit(FILE_LIMIT)
        .get("/api/v2/imports/{id}", "Get an import", handlers::find::read)
        .about("With its progress and counts. Imports of a tenant are worked off one after the other.")
        .get(
            "/api/v2/imports/{id}/errors",
            "Download the rows that could not be imported",
            handlers::errors::errors,
        )
        .named("download_import_errors")
        .about(
            "In the format of the imported file, with `import_row` and `import_errors`, so that it \
             can be corrected and imported again. For the person who imported it and for people with the data scope `all`, \
             until `rows_until`; 410 afterwards.",
        )
        .get("/api/v2/imports/{id}/preview", "Preview an import", handlers::preview::preview)
        .about(
            "What the file and each of its columns was taken for, with samples and the reason. For the person who imported \
             it and for people with the data scope `all`, until `rows_until`; 410 afterwards.",
        )
        .put("/api/v2/imports/{id}/mapping", "Set the mapping of an import", handlers::preview::map)
        .named("set_import_mapping")
        .about("The next file with the same headings is mapped alike. Answers with the preview that follows.")
        .get("/api/v2/imports/{id}/rows", "List the rows of an import", handlers::rows::rows)
        .named("list_import_rows")
        .about(
            "Each with what became of it: created, updated, duplicate or error. For the person who imported it and for \
             people with the data scope `all`, until `rows_until`; 410 afterwards.",
        )
        .post("/api/v2/imports/{id}/start", "Start an import", handlers::start::start)
        .about("Writes the leads of an import that waits or was validated, or validates it.")
        .post("/api/v2/imports/{id}/validate", "Validate an import", handlers::start::validate)
        .about("Looks at every row, and writes nothing.")
        .post("/api/v2/imports/{id}/commit", "Commit a validated import", handlers::start::commit)
        .about("Writes the leads of an import that was made with `mode=validate`.")
        .post("/api/v2/imports/{id}/undo", "Undo an import", handlers::undo::undo)
        .about(
            "Deletes the leads that the import created and restores those that it changed, within 30 days of its end. What \
             it withdrew of a consent stays withdrawn.",
        )
}
