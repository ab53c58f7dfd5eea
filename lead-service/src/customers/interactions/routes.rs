//! Paths of customer interactions.

use platform::http::Routes;

use super::api::InteractionView;
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Customer interactions")
        .get("/api/v2/customer-interactions", "List customer interactions", entities::list::<InteractionView>)
        .post(
            "/api/v2/customer-interactions",
            "Create a customer interaction",
            entities::create::<InteractionView>,
        )
        .get(
            "/api/v2/customer-interactions/{id}",
            "Get a customer interaction",
            entities::read::<InteractionView>,
        )
        .put(
            "/api/v2/customer-interactions/{id}",
            "Replace a customer interaction",
            entities::replace::<InteractionView>,
        )
        .patch(
            "/api/v2/customer-interactions/{id}",
            "Update a customer interaction",
            entities::update::<InteractionView>,
        )
        .delete(
            "/api/v2/customer-interactions/{id}",
            "Delete a customer interaction",
            entities::archive::<InteractionView>,
        )
        .about("It can be restored.")
        .post(
            "/api/v2/customer-interactions/{id}/restore",
            "Restore a deleted customer interaction",
            entities::restore::<InteractionView>,
        )
}
