//! Paths of contacts.

use platform::http::Routes;

use super::{api::ContactView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Contacts")
        .get("/api/v2/contacts", "List contacts", entities::list::<ContactView>)
        .post("/api/v2/contacts", "Create a contact", handlers::create::create)
        .get("/api/v2/contacts/{id}", "Get a contact", entities::read::<ContactView>)
        .put("/api/v2/contacts/{id}", "Replace a contact", entities::replace::<ContactView>)
        .patch("/api/v2/contacts/{id}", "Update a contact", entities::update::<ContactView>)
        .delete("/api/v2/contacts/{id}", "Delete a contact", entities::archive::<ContactView>)
        .about("It can be restored.")
        .post("/api/v2/contacts/{id}/restore", "Restore a deleted contact", entities::restore::<ContactView>)
}
