//! Paths of roles.

use platform::http::Routes;

use super::handlers::{archive, create, grant, list, read, update};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Roles")
        .get("/api/v2/roles", "List roles", list::list)
        .about("The platform's roles and the tenant's own.")
        .post("/api/v2/roles", "Create a role", create::create)
        .about("A role of the tenant.")
        .get("/api/v2/roles/{id}", "Get a role", read::read)
        .put("/api/v2/roles/{id}", "Replace a role", update::replace)
        .patch("/api/v2/roles/{id}", "Update a role", update::update)
        .delete("/api/v2/roles/{id}", "Delete a role", archive::archive)
        .put("/api/v2/roles/{id}/permissions", "Set the permissions of a role", grant::grant)
        .named("set_role_permissions")
}
