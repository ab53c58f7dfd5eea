//! The path of the context.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("context").get(
        "/api/v2/context",
        "Read what is configured and set for the caller",
        handlers::read,
    )
}
