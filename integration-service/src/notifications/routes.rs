//! Paths of notifications.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("notifications")
        .get("/api/v2/notifications", "List one's own notifications", handlers::list::list)
        .get(
            "/api/v2/notifications/stream",
            "Be sent one's own notifications as they are made, as server-sent events",
            handlers::stream::stream,
        )
        .get("/api/v2/notifications/{id}", "Read one of one's own notifications", handlers::read::read)
        .post(
            "/api/v2/notifications/{id}/read",
            "Mark a notification as read",
            handlers::mark_read::mark_read,
        )
        .post(
            "/api/v2/notifications/read_all",
            "Mark all of one's own notifications as read",
            handlers::mark_read::mark_all_read,
        )
}
