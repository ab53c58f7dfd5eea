//! Paths of reports.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("reports")
        .get("/api/v2/pipelines/{id}/board", "A pipeline's deals by stage", handlers::board::board)
        .get("/api/v2/reports/forecast", "Open deals by month and owner", handlers::forecast::forecast)
        .get(
            "/api/v2/reports/win_rate",
            "How many of the deals that ended were won",
            handlers::win_rate::win_rate,
        )
        .get("/api/v2/reports/funnel", "How far deals come, and how many are won", handlers::funnel::funnel)
}
