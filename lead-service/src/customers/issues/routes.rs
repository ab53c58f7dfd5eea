//! Paths of issues.

use platform::http::Routes;

use super::api::IssueView;
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Issues")
        .get("/api/v2/issues", "List issues", entities::list::<IssueView>)
        .post("/api/v2/issues", "Create an issue", entities::create::<IssueView>)
        .get("/api/v2/issues/{id}", "Get an issue", entities::read::<IssueView>)
        .put("/api/v2/issues/{id}", "Replace an issue", entities::replace::<IssueView>)
        .patch("/api/v2/issues/{id}", "Update an issue", entities::update::<IssueView>)
        .delete("/api/v2/issues/{id}", "Delete an issue", entities::archive::<IssueView>)
        .about("It can be restored.")
        .post("/api/v2/issues/{id}/restore", "Restore a deleted issue", entities::restore::<IssueView>)
}
