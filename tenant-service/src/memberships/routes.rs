//! Paths of memberships.

use platform::http::Routes;

use super::handlers::{list, read, relatives, remove, reports_to, tree, update, update_role};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("tenant-users")
        .get("/api/v2/tenant-users", "List the tenant's members", list::list)
        .get("/api/v2/tenant-users/{id}", "Read a membership", read::read)
        .patch("/api/v2/tenant-users/{id}", "Change a membership", update::update)
        .delete("/api/v2/tenant-users/{id}", "Remove a member", remove::remove)
        .patch(
            "/api/v2/tenant-users/{id}/update_role",
            "Give a member another role",
            update_role::update_role,
        )
        .patch(
            "/api/v2/tenant-users/{id}/reports_to",
            "Put a member below another, or nobody",
            reports_to::reports_to,
        )
        .get(
            "/api/v2/tenant-users/{id}/subordinates",
            "List everybody below a member",
            relatives::subordinates,
        )
        .get("/api/v2/tenant-users/{id}/ancestors", "List everybody above a member", relatives::ancestors)
        .get("/api/v2/hierarchy", "Show who reports to whom", tree::tree)
        .post("/api/v2/tenants/{id}/remove_user", "Remove somebody from the tenant", remove::remove_user)
}
