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
    Routes::tagged("Authentication")
        .post(
            "/api/v2/auth/firebase",
            "Sign in with Firebase or another identity provider",
            handlers::exchange,
        )
        .named("sign_in_with_identity_provider")
        .about(
            "Takes an id token of a configured OpenID Connect issuer. The user is found or created by \
             the verified e-mail address.",
        )
        .and(
            Routes::tagged("internal")
                .internal::<ListIssuers, _, _>("List trusted issuers", handlers::issuers)
                .internal::<IdentifyForeign, _, _>(
                    "Identify the user of a foreign token",
                    handlers::identify,
                ),
        )
}
