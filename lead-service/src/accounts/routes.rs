//! Paths of accounts.

use contracts::internal::accounts::FillAccount;
use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("accounts")
        .get("/api/v2/accounts", "List accounts", handlers::list::list)
        .post("/api/v2/accounts", "Add an account and start its enrichments", handlers::create::create)
        .get("/api/v2/accounts/{id}", "Read an account", handlers::read::read)
        .put("/api/v2/accounts/{id}", "Replace an account", handlers::update::replace)
        .patch("/api/v2/accounts/{id}", "Change an account", handlers::update::update)
        .delete("/api/v2/accounts/{id}", "Delete an account and its leads", handlers::archive::archive)
        .post(
            "/api/v2/accounts/{id}/restore",
            "Restore a deleted account and its leads",
            handlers::archive::restore,
        )
        .get(
            "/api/v2/accounts/{id}/enrichment",
            "How far its enrichments are",
            handlers::enrichment::enrichment,
        )
}

/// What other services ask.
pub fn internal_routes() -> Routes {
    Routes::tagged("internal")
        .internal::<FillAccount, _, _>("Fill an account's empty fields", handlers::fill::fill)
}
