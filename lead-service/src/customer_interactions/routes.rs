//! Paths of customer interactions.

use platform::http::Routes;

use super::api::InteractionView;
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("customer interactions")
        .get("/api/v2/customer-interactions", "List interactions", entities::list::<InteractionView>)
        .post("/api/v2/customer-interactions", "Add an interaction", entities::create::<InteractionView>)
        .get("/api/v2/customer-interactions/{id}", "Read an interaction", entities::read::<InteractionView>)
        .put(
            "/api/v2/customer-interactions/{id}",
            "Replace an interaction",
            entities::replace::<InteractionView>,
        )
        .patch(
            "/api/v2/customer-interactions/{id}",
            "Change an interaction",
            entities::update::<InteractionView>,
        )
        .delete(
            "/api/v2/customer-interactions/{id}",
            "Delete an interaction",
            entities::archive::<InteractionView>,
        )
        .post(
            "/api/v2/customer-interactions/{id}/restore",
            "Restore a deleted interaction",
            entities::restore::<InteractionView>,
        )
}
