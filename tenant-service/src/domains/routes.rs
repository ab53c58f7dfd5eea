//! Paths of a tenant's host names.

use platform::http::Routes;

use super::{handlers, verify};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("domains")
        .get("/api/v2/tenants/{id}/domains", "List the tenant's host names", handlers::list)
        .post("/api/v2/tenants/{id}/domains", "Add a host name", handlers::create)
        .get("/api/v2/tenants/{id}/domains/{domain_id}", "Read a host name", handlers::read)
        .put("/api/v2/tenants/{id}/domains/{domain_id}", "Replace a host name", handlers::replace)
        .patch("/api/v2/tenants/{id}/domains/{domain_id}", "Change a host name", handlers::update)
        .delete("/api/v2/tenants/{id}/domains/{domain_id}", "Delete a host name", handlers::remove)
        .post(
            "/api/v2/tenants/{id}/domains/{domain_id}/verify",
            "Look for the proof of a host name, from when on it leads to the tenant",
            verify::verify,
        )
}
