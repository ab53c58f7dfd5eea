//! Paths of a tenant's logo.

use platform::http::Routes;

use super::handlers;

/// Largest file taken, in bytes.
const FILE_LIMIT: usize = 5 << 20;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("tenants")
        .get("/api/v2/tenants/{id}/logo", "See a tenant's logo", handlers::read)
        .put("/api/v2/tenants/{id}/logo", "Put a logo in place: PNG, JPEG or WebP", handlers::put)
        .body_limit(FILE_LIMIT)
        .delete("/api/v2/tenants/{id}/logo", "Take the logo away", handlers::remove)
}
