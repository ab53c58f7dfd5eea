//! Paths of tenants.

use contracts::internal::tenants::FoundTenant;
use platform::http::Routes;

use super::handlers::{archive, change_status, check, create, found, list, read, update};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("tenants")
        .get("/api/v2/tenants", "List the platform's tenants", list::list)
        .post(
            "/api/v2/tenants",
            "Create a tenant; answers when every service has room for it",
            create::create,
        )
        .get("/api/v2/tenants/check", "Find out whether a client id is free", check::check)
        .get("/api/v2/tenants/{id}", "Read a tenant", read::read)
        .put("/api/v2/tenants/{id}", "Replace a tenant's profile", update::replace)
        .patch("/api/v2/tenants/{id}", "Change a tenant's profile", update::update)
        .delete("/api/v2/tenants/{id}", "Delete a tenant", archive::archive)
        .post("/api/v2/tenants/{id}/suspend", "Stop serving a tenant", change_status::suspend)
        .post("/api/v2/tenants/{id}/activate", "Serve a tenant again", change_status::activate)
        .internal::<FoundTenant, _, _>("Make a tenant whose first admin registers with it", found::found)
}
