//! Paths of handovers.

use platform::http::Routes;

use super::handlers::{list, read, undo};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Members")
        .get("/api/v2/handovers", "List handovers", list::list)
        .about("What former members held, and who holds it now.")
        .get("/api/v2/handovers/{id}", "Get a handover", read::read)
        .post("/api/v2/handovers/{id}/undo", "Undo a handover", undo::undo)
}
