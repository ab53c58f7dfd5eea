//! Paths of a tenant's logo.

use platform::http::Routes;

use super::handlers;

/// Largest file taken, in bytes.
const FILE_LIMIT: usize = 5 << 20;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Tenants")
        .get("/api/v2/tenants/{id}/logo", "Get the logo of a tenant", handlers::read)
        .put("/api/v2/tenants/{id}/logo", "Upload the logo of a tenant", handlers::put)
        .named("upload_tenant_logo")
        .about("PNG, JPEG or WebP, as the body or as the `file` of a form.")
        .body_limit(FILE_LIMIT)
        .delete("/api/v2/tenants/{id}/logo", "Delete the logo of a tenant", handlers::remove)
}
