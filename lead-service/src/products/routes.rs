//! Paths of products.

use platform::http::Routes;

use super::api::ProductView;
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Products")
        .get("/api/v2/products", "List products", entities::list::<ProductView>)
        .post("/api/v2/products", "Create a product", entities::create::<ProductView>)
        .get("/api/v2/products/{id}", "Get a product", entities::read::<ProductView>)
        .put("/api/v2/products/{id}", "Replace a product", entities::replace::<ProductView>)
        .patch("/api/v2/products/{id}", "Update a product", entities::update::<ProductView>)
        .delete("/api/v2/products/{id}", "Delete a product", entities::archive::<ProductView>)
        .about("It can be restored.")
        .post("/api/v2/products/{id}/restore", "Restore a deleted product", entities::restore::<ProductView>)
}
