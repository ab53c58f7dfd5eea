//! Paths of assignment rules.

use platform::http::Routes;

use super::{api::AssignmentRuleView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("assignment-rules")
        .get("/api/v2/assignment-rules", "List assignment rules", entities::list::<AssignmentRuleView>)
        .post("/api/v2/assignment-rules", "Add an assignment rule", handlers::create::create)
        .post(
            "/api/v2/assignment-rules/simulate",
            "Say who would be given a lead, and why",
            handlers::simulate::simulate,
        )
        .post("/api/v2/assignment-rules/reorder", "Order the rules anew", handlers::reorder::reorder)
        .get("/api/v2/assignment-rules/{id}", "Read an assignment rule", entities::read::<AssignmentRuleView>)
        .put("/api/v2/assignment-rules/{id}", "Replace an assignment rule", handlers::update::replace)
        .patch("/api/v2/assignment-rules/{id}", "Change an assignment rule", handlers::update::update)
        .delete(
            "/api/v2/assignment-rules/{id}",
            "Delete an assignment rule",
            entities::archive::<AssignmentRuleView>,
        )
        .post(
            "/api/v2/assignment-rules/{id}/restore",
            "Restore a deleted assignment rule",
            entities::restore::<AssignmentRuleView>,
        )
}
