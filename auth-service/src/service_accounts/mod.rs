//! Accounts of outside workers, which hand in results: kept by administrators of the platform, exchanged for short tokens
//! that are good for one audience (RFC 6749, section 4.4).

mod api;
mod domain;
mod handlers;
mod store;

use contracts::internal::service_accounts::CheckServiceAccount;
use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Service accounts")
        .get("/api/v2/service-accounts", "List service accounts", handlers::list::list)
        .about("Accounts with which external workers get tokens from `POST /oauth/token`.")
        .post("/api/v2/service-accounts", "Create a service account", handlers::create::create)
        .about("The secret is returned only once.")
        .get("/api/v2/service-accounts/{id}", "Get a service account", handlers::read::read)
        .put("/api/v2/service-accounts/{id}", "Replace a service account", handlers::update::replace)
        .patch("/api/v2/service-accounts/{id}", "Update a service account", handlers::update::update)
        .about("`status` switches an account off.")
        .delete("/api/v2/service-accounts/{id}", "Delete a service account", handlers::archive::archive)
        .post(
            "/api/v2/service-accounts/{id}/rotate",
            "Rotate the secret of a service account",
            handlers::rotate::rotate,
        )
        .about("The new secret is returned only once; the old one becomes invalid.")
        .post("/oauth/token", "Get a token for a service account", handlers::token::token)
        .named("get_service_token")
        .about(
            "The client credentials grant of OAuth 2.0 (RFC 6749, section 4.4). Client id and secret \
             are sent in the form or by HTTP Basic authentication.",
        )
        .and(
            Routes::tagged("internal")
                .internal::<CheckServiceAccount, _, _>("Check a service account", handlers::check::check),
        )
}
