//! Paths of customers.

use platform::http::Routes;

use super::{api::CustomerView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("customers")
        .get("/api/v2/customers", "List customers", entities::list::<CustomerView>)
        .post("/api/v2/customers", "Add a customer", handlers::create::create)
        .get("/api/v2/customers/{id}", "Read a customer", entities::read::<CustomerView>)
        .put("/api/v2/customers/{id}", "Replace a customer", handlers::update::replace)
        .patch("/api/v2/customers/{id}", "Change a customer", handlers::update::update)
        .delete(
            "/api/v2/customers/{id}",
            "Delete a customer, its orders and interactions",
            entities::archive::<CustomerView>,
        )
        .post(
            "/api/v2/customers/{id}/restore",
            "Restore a deleted customer and what went with it",
            entities::restore::<CustomerView>,
        )
        .post("/api/v2/customers/{id}/verify", "Confirm a customer", handlers::verify::verify)
}
