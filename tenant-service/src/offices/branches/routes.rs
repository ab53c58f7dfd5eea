//! Paths of branches.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Branches")
        .get("/api/v2/branches", "List branches", handlers::list)
        .post("/api/v2/branches", "Create a branch", handlers::create)
        .get("/api/v2/branches/{id}", "Get a branch", handlers::read)
        .put("/api/v2/branches/{id}", "Replace a branch", handlers::replace)
        .patch("/api/v2/branches/{id}", "Update a branch", handlers::update)
        .delete("/api/v2/branches/{id}", "Delete a branch", handlers::archive)
        .about("It can be restored.")
        .post("/api/v2/branches/{id}/restore", "Restore a deleted branch", handlers::restore)
}
