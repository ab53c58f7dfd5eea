//! Paths of orders.

use platform::http::Routes;

use super::{api::OrderView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("orders")
        .get("/api/v2/orders", "List orders", entities::list::<OrderView>)
        .post("/api/v2/orders", "Add an order", handlers::create::create)
        .get("/api/v2/orders/{id}", "Read an order", entities::read::<OrderView>)
        .put("/api/v2/orders/{id}", "Replace an order", handlers::update::replace)
        .patch("/api/v2/orders/{id}", "Change an order", handlers::update::update)
        .delete("/api/v2/orders/{id}", "Delete an order", handlers::archive::archive)
        .post("/api/v2/orders/{id}/restore", "Restore a deleted order", handlers::archive::restore)
        .post("/api/v2/orders/{id}/status", "Bring an order to its next status", handlers::status::set)
}
