//! Every route of the service.

use platform::http::Routes;

use crate::{
    audit, branches, catalog_products, categories, configs, context, domains, explanations, grants,
    industries, invitations, isolation, logos, memberships, permissions, proven_people, regions, roles,
    settings, tenant_products, tenants,
};

/// The routes, slice by slice.
pub fn routes() -> Routes {
    tenants::routes()
        .and(isolation::routes())
        .and(domains::routes())
        .and(logos::routes())
        .and(memberships::routes())
        .and(invitations::routes())
        .and(roles::routes())
        .and(permissions::routes())
        .and(settings::routes())
        .and(configs::routes())
        .and(context::routes())
        .and(industries::routes())
        .and(categories::routes())
        .and(catalog_products::routes())
        .and(tenant_products::routes())
        .and(regions::routes())
        .and(branches::routes())
        .and(audit::routes())
        .and(explanations::routes())
        .and(grants::routes())
        .and(proven_people::routes())
}
