//! Paths of signing in.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Authentication")
        .post("/api/v2/auth/login", "Sign in", handlers::login::login)
        .named("login")
        .about(
            "The response has an access token for the `Authorization` header and a refresh token. \
             With two-factor authentication, a code is asked for first.",
        )
        .and(
            Routes::tagged("SimpleJWT")
                .post("/api/token", "Get an access and a refresh token", handlers::simple_jwt::obtain)
                .named("obtain_token_pair")
                .about("Sign-in under the names of SimpleJWT, for clients that were written for it.")
                .post("/api/token/refresh", "Refresh an access token", handlers::simple_jwt::refresh)
                .named("refresh_token_pair")
                .about("A refresh token is good for one use.")
                .post("/api/token/blacklist", "Revoke a refresh token", handlers::simple_jwt::blacklist)
                .about("Ends the session of the token."),
        )
}
