//! Paths of what a tenant has taken of the catalogue. `{id}` is the catalogue's product.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("tenant-products")
        .get("/api/v2/tenant-products", "List the products that the tenant has taken", handlers::list)
        .put("/api/v2/tenant-products", "Take a product of the catalogue, or switch it", handlers::attach)
        .get("/api/v2/tenant-products/{id}", "Read a product that the tenant has taken", handlers::read)
        .put(
            "/api/v2/tenant-products/{id}",
            "Take this product of the catalogue, or switch it",
            handlers::attach_this,
        )
        .delete("/api/v2/tenant-products/{id}", "Give a product back", handlers::detach)
}
