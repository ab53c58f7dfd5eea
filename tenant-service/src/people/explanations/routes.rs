//! The path of explanations.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Access")
        .get("/api/v2/authz/explain", "Explain an access decision", handlers::explain)
        .named("explain_access")
        .about("Why a member may or may not do something.")
}
