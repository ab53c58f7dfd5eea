//! Paths of customer tags.

use platform::http::Routes;

use super::api::TagView;
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("customer tags")
        .get("/api/v2/customer-tags", "List tags", entities::list::<TagView>)
        .post("/api/v2/customer-tags", "Add a tag", entities::create::<TagView>)
        .get("/api/v2/customer-tags/{id}", "Read a tag", entities::read::<TagView>)
        .put("/api/v2/customer-tags/{id}", "Replace a tag", entities::replace::<TagView>)
        .patch("/api/v2/customer-tags/{id}", "Change a tag", entities::update::<TagView>)
        .delete("/api/v2/customer-tags/{id}", "Delete a tag", entities::archive::<TagView>)
        .post("/api/v2/customer-tags/{id}/restore", "Restore a deleted tag", entities::restore::<TagView>)
}
