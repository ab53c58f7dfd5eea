//! The path of the context.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Settings")
        .get("/api/v2/context", "Get the caller's configuration and settings", handlers::read)
        .named("get_context")
        .about("Of each key, the value of the most specific layer: user, tenant, platform.")
}
