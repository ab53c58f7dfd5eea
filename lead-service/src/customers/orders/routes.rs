//! Paths of orders.

use platform::http::Routes;

use super::{api::OrderView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Orders")
        .get("/api/v2/orders", "List orders", entities::list::<OrderView>)
        .post("/api/v2/orders", "Create an order", handlers::create::create)
        .about("The total is calculated from the items.")
        .get("/api/v2/orders/{id}", "Get an order", entities::read::<OrderView>)
        .put("/api/v2/orders/{id}", "Replace an order", handlers::update::replace)
        .patch("/api/v2/orders/{id}", "Update an order", handlers::update::update)
        .delete("/api/v2/orders/{id}", "Delete an order", handlers::archive::archive)
        .about("It can be restored.")
        .post("/api/v2/orders/{id}/restore", "Restore a deleted order", handlers::archive::restore)
        .post("/api/v2/orders/{id}/status", "Set the status of an order", handlers::status::set)
        .named("set_order_status")
}
