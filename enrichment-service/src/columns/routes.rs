//! Paths of custom columns.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Custom columns")
        .get("/api/v2/custom_columns", "List custom columns", handlers::read::list)
        .post("/api/v2/custom_columns", "Create a custom column", handlers::write::create)
        .about("Only what its creator may read can be shown to the model.")
        .get("/api/v2/custom_columns/{id}", "Get a custom column", handlers::read::read)
        .put("/api/v2/custom_columns/{id}", "Replace a custom column", handlers::write::replace)
        .patch("/api/v2/custom_columns/{id}", "Update a custom column", handlers::write::update)
        .delete("/api/v2/custom_columns/{id}", "Delete a custom column", handlers::archive::archive)
        .about("It can be restored.")
        .post("/api/v2/custom_columns/{id}/restore", "Restore a deleted custom column", handlers::archive::restore)
        .post("/api/v2/custom_columns/{id}/sample", "Try a custom column on a few records", handlers::sample::sample)
        .named("sample_custom_column")
        .about("Nothing is kept but the ledger: the calls cost what calls cost.")
        .post(
            "/api/v2/custom_columns/{id}/generate_values",
            "Fill a custom column",
            handlers::generate::generate_values,
        )
        .named("generate_custom_column_values")
        .about("Records about which the model would be shown what it was shown before are not asked about again.")
        .post("/api/v2/custom_columns/{id}/force_refresh", "Fill a custom column again", handlers::generate::force_refresh)
        .named("force_refresh_custom_column")
        .about("Every record is asked about, whatever was answered before; what people wrote stays.")
}
