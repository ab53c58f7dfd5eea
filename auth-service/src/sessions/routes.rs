//! Paths of sessions, under our own names and under those of Django's SimpleJWT.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("auth")
        .post("/api/v2/auth/login", "Sign in", handlers::login::login)
        .post("/api/v2/auth/refresh", "Exchange a refresh token for a new pair", handlers::refresh::refresh)
        .post("/api/v2/auth/logout", "End a session", handlers::logout::logout)
        .post("/api/v2/auth/logout_all", "End all of one's sessions", handlers::logout::logout_all)
        .get("/api/v2/auth/sessions", "List one's sessions", handlers::list::list)
        .delete("/api/v2/auth/sessions/{id}", "End one of one's sessions", handlers::remove::remove)
        .and(
            Routes::tagged("auth (SimpleJWT)")
                .post("/api/token", "Sign in", handlers::simple_jwt::obtain)
                .post("/api/token/refresh", "Exchange a refresh token", handlers::simple_jwt::refresh)
                .post("/api/token/blacklist", "End a session", handlers::simple_jwt::blacklist),
        )
}
