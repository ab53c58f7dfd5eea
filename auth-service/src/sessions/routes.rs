//! Paths of sessions.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Authentication")
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
}
