//! Paths of memberships.

use platform::http::Routes;

use super::handlers::{list, read, relatives, remove, reports_to, tree, update, update_role};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Members")
        .get("/api/v2/tenant-users", "List members", list::list)
        .named("list_members")
        .get("/api/v2/tenant-users/{id}", "Get a member", read::read)
        .named("get_member")
        .patch("/api/v2/tenant-users/{id}", "Update a member", update::update)
        .named("update_member")
        .delete("/api/v2/tenant-users/{id}", "Remove a member", remove::remove)
        .named("remove_member")
        .patch(
            "/api/v2/tenant-users/{id}/update_role",
            "Change the role of a member",
            update_role::update_role,
        )
        .named("update_member_role")
        .patch("/api/v2/tenant-users/{id}/reports_to", "Set the manager of a member", reports_to::reports_to)
        .named("set_member_manager")
        .about("`null` for none.")
        .get(
            "/api/v2/tenant-users/{id}/subordinates",
            "List the subordinates of a member",
            relatives::subordinates,
        )
        .named("list_member_subordinates")
        .get("/api/v2/tenant-users/{id}/ancestors", "List the managers above a member", relatives::ancestors)
        .named("list_member_ancestors")
        .get("/api/v2/hierarchy", "Get the reporting hierarchy", tree::tree)
        .named("get_hierarchy")
        .post("/api/v2/tenants/{id}/remove_user", "Remove a member by user id", remove::remove_user)
        .named("remove_member_by_user")
}
