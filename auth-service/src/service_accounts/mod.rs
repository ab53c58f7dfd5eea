//! Accounts of outside workers, which hand in results: kept by administrators of the platform, exchanged for short tokens
//! that are good for one audience (RFC 6749, section 4.4).

pub mod api;
pub mod domain;
mod handlers;
mod store;

use contracts::internal::service_accounts::CheckServiceAccount;
use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("service accounts")
        .get("/api/v2/service-accounts", "List accounts of outside workers", handlers::list::list)
        .post(
            "/api/v2/service-accounts",
            "Make one; its secret is in this answer only",
            handlers::create::create,
        )
        .get("/api/v2/service-accounts/{id}", "Read one", handlers::read::read)
        .put("/api/v2/service-accounts/{id}", "Replace one", handlers::update::replace)
        .patch("/api/v2/service-accounts/{id}", "Change one, or switch it off", handlers::update::update)
        .delete("/api/v2/service-accounts/{id}", "Delete one", handlers::archive::archive)
        .post("/api/v2/service-accounts/{id}/rotate", "Give one another secret", handlers::rotate::rotate)
        .post("/oauth/token", "Exchange a client id and secret for a token", handlers::token::token)
        .and(Routes::tagged("internal").internal::<CheckServiceAccount, _, _>(
            "Whether an outside worker may still come in",
            handlers::check::check,
        ))
}
