//! Every route of the service.

use platform::http::Routes;

use crate::{grants, invitations, memberships, permissions, roles, tenants};

/// The routes, slice by slice.
pub fn routes() -> Routes {
    tenants::routes()
        .and(memberships::routes())
        .and(invitations::routes())
        .and(roles::routes())
        .and(permissions::routes())
        .and(grants::routes())
}
