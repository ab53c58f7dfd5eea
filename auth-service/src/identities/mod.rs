//! Sign-in with tokens of other issuers: Firebase, or any other OpenID Connect provider. Which issuers, for which
//! audience and with which keys is configured; a token says nothing about where its keys are.

pub mod config;
pub mod domain;
mod handlers;
mod keys;
mod resolve;
pub mod store;

pub use keys::Issuers;

use contracts::internal::identities::{IdentifyForeign, ListIssuers};
use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("auth")
        .post(
            "/api/v2/auth/firebase",
            "Sign in with a token of Firebase or another issuer",
            handlers::exchange,
        )
        .and(
            Routes::tagged("internal")
                .internal::<ListIssuers, _, _>("Whose tokens are taken", handlers::issuers)
                .internal::<IdentifyForeign, _, _>("Whose token this is", handlers::identify),
        )
}
