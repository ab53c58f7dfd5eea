//! Paths of reports.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Reports")
        .get("/api/v2/pipelines/{id}/board", "Get the board of a pipeline", handlers::board::board)
        .about("The deals of the pipeline by stage.")
        .get("/api/v2/reports/forecast", "Get the sales forecast", handlers::forecast::forecast)
        .named("get_forecast")
        .about("Open deals by month and owner.")
        .get("/api/v2/reports/win_rate", "Get the win rate", handlers::win_rate::win_rate)
        .named("get_win_rate")
        .about("How many of the closed deals were won.")
        .get("/api/v2/reports/funnel", "Get the sales funnel", handlers::funnel::funnel)
        .named("get_funnel")
        .about("How many deals reach each stage, and how many are won.")
}
