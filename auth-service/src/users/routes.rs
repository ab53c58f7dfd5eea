//! Paths of users.

use contracts::internal::users::{DescribeUsers, FindUser};
use platform::http::Routes;

use super::{customers, handlers};

/// The routes of users and customers.
pub fn routes() -> Routes {
    Routes::tagged("Authentication")
        .get("/api/v2/auth/me", "Get the current user", handlers::me::read)
        .named("get_current_user")
        .about("With the tenants the user is a member of, and role and permissions in each.")
        .patch("/api/v2/auth/me", "Update the current user", handlers::me::update)
        .named("update_current_user")
        .and(
            Routes::tagged("Users")
                .get("/api/v2/users", "List the platform's users", handlers::list::list)
                .get("/api/v2/users/{id}", "Get a user", handlers::read::read),
        )
        .and(
            Routes::tagged("internal")
                .internal::<DescribeUsers, _, _>("Describe users", handlers::describe::describe)
                .internal::<FindUser, _, _>("Find a user by e-mail address", handlers::find::find),
        )
        .and(customers::routes())
}
