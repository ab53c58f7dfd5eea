//! Paths of accounts.

use contracts::internal::accounts::FillAccount;
use platform::http::Routes;

use super::{api::AccountView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Accounts")
        .get("/api/v2/accounts", "List accounts", entities::list::<AccountView>)
        .post("/api/v2/accounts", "Create an account", handlers::create::create)
        .about("Starts the enrichment of the account: `enrichment_jobs` names the jobs.")
        .post(
            "/api/v2/accounts/bulk_create",
            "Create up to 1,000 accounts",
            handlers::bulk_create::bulk_create,
        )
        .about("Valid items are created, the others are listed in `errors` with their index.")
        .get("/api/v2/accounts/{id}", "Get an account", entities::read::<AccountView>)
        .put("/api/v2/accounts/{id}", "Replace an account", entities::replace::<AccountView>)
        .patch("/api/v2/accounts/{id}", "Update an account", entities::update::<AccountView>)
        .delete("/api/v2/accounts/{id}", "Delete an account", entities::archive::<AccountView>)
        .about("Deletes its leads and contacts, too.")
        .post("/api/v2/accounts/{id}/restore", "Restore a deleted account", entities::restore::<AccountView>)
        .about("Restores the leads and contacts that were deleted with it, too.")
        .get(
            "/api/v2/accounts/{id}/enrichment",
            "Get the enrichment status of an account",
            handlers::enrichment::enrichment,
        )
}

/// What other services ask.
pub fn internal_routes() -> Routes {
    Routes::tagged("internal")
        .internal::<FillAccount, _, _>("Fill an account's empty fields", handlers::fill::fill)
}
