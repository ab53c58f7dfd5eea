//! Paths of accounts.

use contracts::internal::accounts::FillAccount;
use platform::http::Routes;

use super::{api::AccountView, handlers};
use crate::{entities, timelines};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("accounts")
        .get("/api/v2/accounts", "List accounts", entities::list::<AccountView>)
        .post("/api/v2/accounts", "Add an account and start its enrichments", handlers::create::create)
        .post("/api/v2/accounts/bulk_create", "Add many accounts", handlers::bulk_create::bulk_create)
        .get("/api/v2/accounts/{id}", "Read an account", entities::read::<AccountView>)
        .put("/api/v2/accounts/{id}", "Replace an account", entities::replace::<AccountView>)
        .patch("/api/v2/accounts/{id}", "Change an account", entities::update::<AccountView>)
        .delete(
            "/api/v2/accounts/{id}",
            "Delete an account, its leads and contacts",
            entities::archive::<AccountView>,
        )
        .post(
            "/api/v2/accounts/{id}/restore",
            "Restore a deleted account, its leads and contacts",
            entities::restore::<AccountView>,
        )
        .get(
            "/api/v2/accounts/{id}/enrichment",
            "How far its enrichments are",
            handlers::enrichment::enrichment,
        )
        .get(
            "/api/v2/accounts/{id}/timeline",
            "What happened to an account",
            timelines::timeline::<AccountView>,
        )
}

/// What other services ask.
pub fn internal_routes() -> Routes {
    Routes::tagged("internal")
        .internal::<FillAccount, _, _>("Fill an account's empty fields", handlers::fill::fill)
}
