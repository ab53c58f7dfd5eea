//! Paths of form mappings, below their key.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("API keys")
        .get("/api/v2/api-keys/{id}/form_mapping", "Get the form mapping of an API key", handlers::read::read)
        .named("get_form_mapping")
        .about("Which field of a form is which field of a lead.")
        .put("/api/v2/api-keys/{id}/form_mapping", "Set the form mapping of an API key", handlers::save::save)
        .named("set_form_mapping")
        .delete(
            "/api/v2/api-keys/{id}/form_mapping",
            "Delete the form mapping of an API key",
            handlers::remove::remove,
        )
        .named("delete_form_mapping")
        .post("/api/v2/api-keys/{id}/form_mapping/dry_run", "Test a form mapping", handlers::dry_run::dry_run)
        .named("test_form_mapping")
        .about("Shows what a submission would become. Nothing is stored.")
}
