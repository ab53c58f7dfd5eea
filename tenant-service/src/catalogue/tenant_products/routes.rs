//! Paths of what a tenant has taken of the catalogue. `{id}` is the catalogue's product.

use platform::http::Routes;

use super::handlers;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Catalog")
        .get("/api/v2/tenant-products", "List the tenant's catalog products", handlers::list)
        .put("/api/v2/tenant-products", "Attach a catalog product", handlers::attach)
        .named("attach_catalog_product")
        .about("Attaching it again changes it.")
        .get("/api/v2/tenant-products/{id}", "Get one of the tenant's catalog products", handlers::read)
        .put("/api/v2/tenant-products/{id}", "Attach a catalog product by id", handlers::attach_this)
        .named("attach_catalog_product_by_id")
        .about("Attaching it again changes it.")
        .delete("/api/v2/tenant-products/{id}", "Detach a catalog product", handlers::detach)
        .named("detach_catalog_product")
}
