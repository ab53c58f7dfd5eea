//! Paths of products of the catalogue.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("catalog-products")
        .get("/api/v2/catalog-products", "List products of the catalogue", handlers::list)
        .post("/api/v2/catalog-products", "Add a product", handlers::create)
        .get("/api/v2/catalog-products/{id}", "Read a product", handlers::read)
        .put("/api/v2/catalog-products/{id}", "Replace a product", handlers::replace)
        .patch("/api/v2/catalog-products/{id}", "Change a product", handlers::update)
        .delete("/api/v2/catalog-products/{id}", "Delete a product", handlers::archive)
        .post("/api/v2/catalog-products/{id}/restore", "Restore a deleted product", handlers::restore)
}
