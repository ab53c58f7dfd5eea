//! The path of explanations.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("authz").get(
        "/api/v2/authz/explain",
        "Explain why a member may or may not do something",
        handlers::explain,
    )
}
