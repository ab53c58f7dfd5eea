//! Paths of ingest.

use platform::http::Routes;

use super::{batches, handlers};

/// The slice's routes. Forms that cannot know of versions post to the path without one.
pub fn routes() -> Routes {
    Routes::tagged("ingest")
        .post("/api/leads/ingest", "Hand in a lead", handlers::one)
        .post("/api/v2/leads/ingest", "Hand in a lead", handlers::one)
        .post("/api/leads/ingest/batch", "Hand in up to 1,000 leads", batches::batch)
        .post("/api/v2/leads/ingest/batch", "Hand in up to 1,000 leads", batches::batch)
}
