//! Paths of handovers.

use platform::http::Routes;

use super::handlers::{list, read, undo};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Members")
        .get("/api/v2/handovers", "List handovers of what former members held", list::list)
        .get("/api/v2/handovers/{id}", "Read a handover", read::read)
        .post("/api/v2/handovers/{id}/undo", "Undo a handover", undo::undo)
}
