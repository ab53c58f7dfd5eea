//! Paths of products.

use platform::http::Routes;

use super::api::ProductView;
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("products")
        .get("/api/v2/products", "List products", entities::list::<ProductView>)
        .post("/api/v2/products", "Add a product", entities::create::<ProductView>)
        .get("/api/v2/products/{id}", "Read a product", entities::read::<ProductView>)
        .put("/api/v2/products/{id}", "Replace a product", entities::replace::<ProductView>)
        .patch("/api/v2/products/{id}", "Change a product", entities::update::<ProductView>)
        .delete("/api/v2/products/{id}", "Delete a product", entities::archive::<ProductView>)
        .post("/api/v2/products/{id}/restore", "Restore a deleted product", entities::restore::<ProductView>)
}
