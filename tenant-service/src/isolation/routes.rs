//! Paths of isolation.

use platform::http::Routes;

use super::handlers::{read, start};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("tenants")
        .get("/api/v2/tenants/{id}/isolation", "Read how a tenant's rows are kept apart", read::current)
        .post(
            "/api/v2/tenants/{id}/isolation",
            "Move a live tenant between the pool and a schema of its own",
            start::start,
        )
        .get("/api/v2/tenants/{id}/isolation/{move_id}", "Follow a tenant's move", read::one)
}
