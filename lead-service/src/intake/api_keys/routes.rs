//! Paths of API keys.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("API keys")
        .get("/api/v2/api-keys", "List API keys", handlers::list::list)
        .post(
            "/api/v2/api-keys",
            "Create an API key",
            handlers::create::create,
        )
        .about(
            "The key is returned only once. By default it can submit leads and nothing else.",
        )
        .get("/api/v2/api-keys/{id}", "Get an API key", handlers::list::read)
        .patch("/api/v2/api-keys/{id}", "Update an API key", handlers::update::update)
        .delete("/api/v2/api-keys/{id}", "Delete an API key", handlers::revoke::archive)
        .post("/api/v2/api-keys/{id}/rotate", "Rotate an API key", handlers::create::rotate)
        .about("The new key is returned only once.")
        .post("/api/v2/api-keys/{id}/address", "Create the address of an API key", handlers::address::create)
        .named("create_api_key_address")
        .about(
            "An address for senders that cannot send a header: it takes submissions and nothing else. It is returned \
             only once. The previous address remains valid for 24 hours.",
        )
        .delete("/api/v2/api-keys/{id}/address", "Revoke the address of an API key", handlers::address::revoke)
        .named("revoke_api_key_address")
        .about("The address and the previous one are unknown from now on. The key remains valid.")
        .post("/api/v2/api-keys/{id}/revoke", "Revoke an API key", handlers::revoke::revoke)
        .about("The key is refused from now on.")
}
