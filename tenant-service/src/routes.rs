//! Every route of the service.

use platform::http::Routes;

use crate::{grants, isolation, memberships, permissions, roles, tenants};

/// The routes, slice by slice.
pub fn routes() -> Routes {
    tenants::routes()
        .and(isolation::routes())
        .and(memberships::routes())
        .and(roles::routes())
        .and(permissions::routes())
        .and(grants::routes())
}
