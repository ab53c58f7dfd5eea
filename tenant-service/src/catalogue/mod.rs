//! Catalogue: industries, categories and products of the platform, and the products that a tenant has taken.

mod catalog_products;
mod categories;
mod industries;
mod tenant_products;

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    catalog_products::routes()
        .and(categories::routes())
        .and(industries::routes())
        .and(tenant_products::routes())
}
