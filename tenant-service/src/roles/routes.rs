//! Paths of roles.

use platform::http::Routes;

use super::handlers::{archive, create, grant, list, read, update};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("roles")
        .get("/api/v2/roles", "List the platform's and the tenant's own roles", list::list)
        .post("/api/v2/roles", "Make a role of the tenant's own", create::create)
        .get("/api/v2/roles/{id}", "Read a role", read::read)
        .put("/api/v2/roles/{id}", "Replace one of the tenant's own roles", update::replace)
        .patch("/api/v2/roles/{id}", "Change one of the tenant's own roles", update::update)
        .delete("/api/v2/roles/{id}", "Delete one of the tenant's own roles", archive::archive)
        .put("/api/v2/roles/{id}/permissions", "Say what a role may do", grant::grant)
}
