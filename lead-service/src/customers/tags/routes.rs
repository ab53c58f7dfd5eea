//! Paths of customer tags.

use platform::http::Routes;

use super::api::TagView;
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Customer tags")
        .get("/api/v2/customer-tags", "List customer tags", entities::list::<TagView>)
        .post("/api/v2/customer-tags", "Create a customer tag", entities::create::<TagView>)
        .get("/api/v2/customer-tags/{id}", "Get a customer tag", entities::read::<TagView>)
        .put("/api/v2/customer-tags/{id}", "Replace a customer tag", entities::replace::<TagView>)
        .patch("/api/v2/customer-tags/{id}", "Update a customer tag", entities::update::<TagView>)
        .delete("/api/v2/customer-tags/{id}", "Delete a customer tag", entities::archive::<TagView>)
        .about("It can be restored.")
        .post(
            "/api/v2/customer-tags/{id}/restore",
            "Restore a deleted customer tag",
            entities::restore::<TagView>,
        )
}
