//! Paths of activities.

use platform::http::Routes;

use super::api::ActivityView;
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Activities")
        .get("/api/v2/activities", "List activities", entities::list::<ActivityView>)
        .post("/api/v2/activities", "Create an activity", entities::create::<ActivityView>)
        .get("/api/v2/activities/{id}", "Get an activity", entities::read::<ActivityView>)
        .put("/api/v2/activities/{id}", "Replace an activity", entities::replace::<ActivityView>)
        .patch("/api/v2/activities/{id}", "Update an activity", entities::update::<ActivityView>)
        .delete("/api/v2/activities/{id}", "Delete an activity", entities::archive::<ActivityView>)
        .about("It can be restored.")
        .post(
            "/api/v2/activities/{id}/restore",
            "Restore a deleted activity",
            entities::restore::<ActivityView>,
        )
}
