//! Paths of notifications.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Notifications")
        .get("/api/v2/notifications", "List the current user's notifications", handlers::list::list)
        .about("`unread`, beside `count`, is the number of unread ones.")
        .get("/api/v2/notifications/stream", "Stream notifications", handlers::stream::stream)
        .named("stream_notifications")
        .about("Server-sent events. A client that reconnects sends `Last-Event-ID` and misses nothing.")
        .get("/api/v2/notifications/{id}", "Get a notification", handlers::read::read)
        .post(
            "/api/v2/notifications/{id}/read",
            "Mark a notification as read",
            handlers::mark_read::mark_read,
        )
        .named("mark_notification_read")
        .post(
            "/api/v2/notifications/read_all",
            "Mark all notifications as read",
            handlers::mark_read::mark_all_read,
        )
        .named("mark_all_notifications_read")
}
