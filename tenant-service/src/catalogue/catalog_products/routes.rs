//! Paths of products of the catalogue.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Catalog")
        .get("/api/v2/catalog-products", "List catalog products", handlers::list)
        .post("/api/v2/catalog-products", "Create a catalog product", handlers::create)
        .get("/api/v2/catalog-products/{id}", "Get a catalog product", handlers::read)
        .put("/api/v2/catalog-products/{id}", "Replace a catalog product", handlers::replace)
        .patch("/api/v2/catalog-products/{id}", "Update a catalog product", handlers::update)
        .delete("/api/v2/catalog-products/{id}", "Delete a catalog product", handlers::archive)
        .about("It can be restored.")
        .post("/api/v2/catalog-products/{id}/restore", "Restore a deleted catalog product", handlers::restore)
}
