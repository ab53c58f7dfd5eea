//! Every route of the service.

use platform::{http::Routes, provision};

use crate::{
    activities, customers, deps::Deps, handovers, imports, insight, intake, lead_management, people,
    products, routing, sales,
};

/// The routes, context by context.
pub fn routes() -> Routes {
    intake::routes()
        .and(imports::routes())
        .and(insight::routes())
        .and(lead_management::routes())
        .and(people::routes())
        .and(products::routes())
        .and(sales::routes())
        .and(activities::routes())
        .and(routing::routes())
        .and(handovers::routes())
        .and(customers::routes())
        .and(people::internal_routes())
        .and(routing::internal_routes())
        .and(insight::internal_routes())
        .and(provision::routes::<Deps>())
}
