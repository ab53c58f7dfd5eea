//! Paths of contacts.

use platform::http::Routes;

use super::api::ContactView;
use crate::{entities, timelines};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("contacts")
        .get("/api/v2/contacts", "List contacts", entities::list::<ContactView>)
        .post("/api/v2/contacts", "Add a contact", entities::create::<ContactView>)
        .get("/api/v2/contacts/{id}", "Read a contact", entities::read::<ContactView>)
        .put("/api/v2/contacts/{id}", "Replace a contact", entities::replace::<ContactView>)
        .patch("/api/v2/contacts/{id}", "Change a contact", entities::update::<ContactView>)
        .delete("/api/v2/contacts/{id}", "Delete a contact", entities::archive::<ContactView>)
        .post("/api/v2/contacts/{id}/restore", "Restore a deleted contact", entities::restore::<ContactView>)
        .get(
            "/api/v2/contacts/{id}/timeline",
            "What happened to a contact",
            timelines::timeline::<ContactView>,
        )
}
