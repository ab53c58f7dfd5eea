//! Every route of the service.

use platform::{http::Routes, provision};

use crate::{deliveries, deps::Deps, events, notifications, webhook_endpoints};

/// The service's routes.
pub fn routes() -> Routes {
    webhook_endpoints::routes()
        .and(deliveries::routes())
        .and(notifications::routes())
        .and(events::routes())
        .and(provision::routes::<Deps>())
}
