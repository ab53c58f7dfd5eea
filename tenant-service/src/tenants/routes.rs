//! Paths of tenants.

use contracts::internal::tenants::FoundTenant;
use platform::http::Routes;

use super::handlers::{archive, change_status, check, create, found, list, read, update};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Tenants")
        .get("/api/v2/tenants", "List tenants", list::list)
        .post("/api/v2/tenants", "Create a tenant", create::create)
        .about("Responds when every service is ready for the tenant.")
        .get("/api/v2/tenants/check", "Check whether a client id is available", check::check)
        .named("check_client_id")
        .get("/api/v2/tenants/{id}", "Get a tenant", read::read)
        .put("/api/v2/tenants/{id}", "Replace the profile of a tenant", update::replace)
        .patch("/api/v2/tenants/{id}", "Update the profile of a tenant", update::update)
        .delete("/api/v2/tenants/{id}", "Delete a tenant", archive::archive)
        .post("/api/v2/tenants/{id}/suspend", "Suspend a tenant", change_status::suspend)
        .post("/api/v2/tenants/{id}/activate", "Activate a tenant", change_status::activate)
        .internal::<FoundTenant, _, _>("Create a tenant for a registering admin", found::found)
}
