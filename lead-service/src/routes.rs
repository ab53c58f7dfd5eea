//! Every route of the service.

use platform::{http::Routes, provision};

use crate::{
    accounts, activities, api_keys, contacts, deals, deps::Deps, ingest, leads, pipelines, products, reports,
    stages, tasks,
};

/// The routes, by slice.
pub fn routes() -> Routes {
    ingest::routes()
        .and(leads::routes())
        .and(accounts::routes())
        .and(products::routes())
        .and(contacts::routes())
        .and(pipelines::routes())
        .and(stages::routes())
        .and(deals::routes())
        .and(reports::routes())
        .and(activities::routes())
        .and(tasks::routes())
        .and(api_keys::routes())
        .and(accounts::internal_routes())
        .and(provision::routes::<Deps>())
}
