//! Paths of products.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("products")
        .get("/api/v2/products", "List products", handlers::list::list)
        .post("/api/v2/products", "Add a product", handlers::create::create)
        .get("/api/v2/products/{id}", "Read a product", handlers::read::read)
        .put("/api/v2/products/{id}", "Replace a product", handlers::update::replace)
        .patch("/api/v2/products/{id}", "Change a product", handlers::update::update)
        .delete("/api/v2/products/{id}", "Delete a product", handlers::archive::archive)
        .post("/api/v2/products/{id}/restore", "Restore a deleted product", handlers::archive::restore)
}
