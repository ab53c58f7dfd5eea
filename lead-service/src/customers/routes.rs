//! Paths of customers.

use platform::http::Routes;

use super::{api::CustomerView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Customers")
        .get("/api/v2/customers", "List customers", entities::list::<CustomerView>)
        .post("/api/v2/customers", "Create a customer", handlers::create::create)
        .get("/api/v2/customers/{id}", "Get a customer", entities::read::<CustomerView>)
        .put("/api/v2/customers/{id}", "Replace a customer", handlers::update::replace)
        .patch("/api/v2/customers/{id}", "Update a customer", handlers::update::update)
        .delete("/api/v2/customers/{id}", "Delete a customer", entities::archive::<CustomerView>)
        .about("Deletes its orders and interactions, too.")
        .post(
            "/api/v2/customers/{id}/restore",
            "Restore a deleted customer",
            entities::restore::<CustomerView>,
        )
        .about("Restores what was deleted with it, too.")
        .post("/api/v2/customers/{id}/verify", "Verify a customer", handlers::verify::verify)
}
