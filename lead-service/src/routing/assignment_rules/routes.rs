//! Paths of assignment rules.

use platform::http::Routes;

use super::{api::AssignmentRuleView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Assignment rules")
        .get("/api/v2/assignment-rules", "List assignment rules", entities::list::<AssignmentRuleView>)
        .post("/api/v2/assignment-rules", "Create an assignment rule", handlers::create::create)
        .post(
            "/api/v2/assignment-rules/simulate",
            "Simulate the assignment of a lead",
            handlers::simulate::simulate,
        )
        .named("simulate_assignment")
        .about("Shows who would get the lead, and why. Nothing is stored.")
        .post("/api/v2/assignment-rules/reorder", "Reorder the assignment rules", handlers::reorder::reorder)
        .about("The first rule that matches a lead assigns it.")
        .get("/api/v2/assignment-rules/{id}", "Get an assignment rule", entities::read::<AssignmentRuleView>)
        .put("/api/v2/assignment-rules/{id}", "Replace an assignment rule", handlers::update::replace)
        .patch("/api/v2/assignment-rules/{id}", "Update an assignment rule", handlers::update::update)
        .delete(
            "/api/v2/assignment-rules/{id}",
            "Delete an assignment rule",
            entities::archive::<AssignmentRuleView>,
        )
        .about("It can be restored.")
        .post(
            "/api/v2/assignment-rules/{id}/restore",
            "Restore a deleted assignment rule",
            entities::restore::<AssignmentRuleView>,
        )
}
