//! Paths of users.

use contracts::internal::users::{ClaimAccount, DescribeUsers, FindUser};
use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("auth")
        .get("/api/v2/auth/me", "Who one is and where one belongs", handlers::me::read)
        .patch("/api/v2/auth/me", "Change one's own name", handlers::me::update)
        .and(
            Routes::tagged("users")
                .get("/api/v2/users", "List the platform's users", handlers::list::list)
                .get("/api/v2/users/{id}", "Read a user", handlers::read::read)
                .patch(
                    "/api/v2/users/{id}",
                    "Suspend a user or set their platform role",
                    handlers::update::update,
                ),
        )
        .and(
            Routes::tagged("internal")
                .internal::<DescribeUsers, _, _>("Who these people are", handlers::describe::describe)
                .internal::<FindUser, _, _>("Whether there is somebody with an address", handlers::find::find)
                .internal::<ClaimAccount, _, _>(
                    "Give an account to the person who was mailed a token",
                    handlers::claim::claim,
                ),
        )
}
