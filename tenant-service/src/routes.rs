//! Every route of the service.

use platform::http::Routes;

use crate::{audit, catalogue, offices, people, permissions, provisioning, settings, tenancy};

/// The routes, context by context.
pub fn routes() -> Routes {
    tenancy::routes()
        .and(provisioning::routes())
        .and(people::routes())
        .and(permissions::routes())
        .and(settings::routes())
        .and(catalogue::routes())
        .and(offices::routes())
        .and(audit::routes())
}
