//! Paths of API keys.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("api keys")
        .get("/api/v2/api-keys", "List API keys", handlers::list::list)
        .post(
            "/api/v2/api-keys",
            "Make an API key; its text is in this answer only",
            handlers::create::create,
        )
        .get("/api/v2/api-keys/{id}", "Read an API key", handlers::list::read)
        .patch("/api/v2/api-keys/{id}", "Change an API key", handlers::update::update)
        .delete("/api/v2/api-keys/{id}", "Delete an API key", handlers::revoke::archive)
        .post("/api/v2/api-keys/{id}/rotate", "Give an API key a new text", handlers::create::rotate)
        .post("/api/v2/api-keys/{id}/revoke", "Revoke an API key", handlers::revoke::revoke)
}
