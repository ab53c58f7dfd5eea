//! Paths of a tenant's host names.

use platform::http::Routes;

use super::{handlers, verify};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Domains")
        .get("/api/v2/tenants/{id}/domains", "List the domains of a tenant", handlers::list)
        .post("/api/v2/tenants/{id}/domains", "Create a domain", handlers::create)
        .about("It leads to the tenant once it is verified.")
        .get("/api/v2/tenants/{id}/domains/{domain_id}", "Get a domain", handlers::read)
        .put("/api/v2/tenants/{id}/domains/{domain_id}", "Replace a domain", handlers::replace)
        .patch("/api/v2/tenants/{id}/domains/{domain_id}", "Update a domain", handlers::update)
        .delete("/api/v2/tenants/{id}/domains/{domain_id}", "Delete a domain", handlers::remove)
        .post("/api/v2/tenants/{id}/domains/{domain_id}/verify", "Verify a domain", verify::verify)
        .about("Looks for the DNS record that proves the domain.")
}
