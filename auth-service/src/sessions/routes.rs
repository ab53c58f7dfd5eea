//! Paths of sessions, under our own names and under those of Django's SimpleJWT.

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
        .post("/api/v2/auth/refresh", "Refresh an access token", handlers::refresh::refresh)
        .named("refresh")
        .about(
            "Gives a new pair of tokens. A refresh token is good for one use; using it again ends all \
             sessions that came of it.",
        )
        .post("/api/v2/auth/logout", "Sign out", handlers::logout::logout)
        .named("logout")
        .about("Ends the session, its access tokens included.")
        .post("/api/v2/auth/logout_all", "Sign out everywhere", handlers::logout::logout_all)
        .named("logout_all")
        .about("Ends all sessions of the current user.")
        .get("/api/v2/auth/sessions", "List the current user's sessions", handlers::list::list)
        .named("list_sessions")
        .delete("/api/v2/auth/sessions/{id}", "End a session", handlers::remove::remove)
        .named("end_session")
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
