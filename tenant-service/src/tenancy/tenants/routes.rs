//! Paths of tenants.

use platform::http::Routes;

use super::handlers::{archive, change_status, check, list, read, update};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Tenants")
        .get("/api/v2/tenants", "List tenants", list::list)
        .get("/api/v2/tenants/check", "Check whether a client id is available", check::check)
        .named("check_client_id")
        .get("/api/v2/tenants/{id}", "Get a tenant", read::read)
        .put("/api/v2/tenants/{id}", "Replace the profile of a tenant", update::replace)
        .patch("/api/v2/tenants/{id}", "Update the profile of a tenant", update::update)
        .delete("/api/v2/tenants/{id}", "Delete a tenant", archive::archive)
        .post("/api/v2/tenants/{id}/suspend", "Suspend a tenant", change_status::suspend)
        .post("/api/v2/tenants/{id}/activate", "Activate a tenant", change_status::activate)
}
