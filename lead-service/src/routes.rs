//! Every route of the service.

use platform::{http::Routes, provision};

use crate::{
    accounts, api_keys, assignment_rules, assignments, deps::Deps, ingest, leads, products, scores,
    scoring_models,
};

/// The routes, by slice.
pub fn routes() -> Routes {
    ingest::routes()
        .and(leads::routes())
        .and(accounts::routes())
        .and(products::routes())
        .and(api_keys::routes())
        .and(scores::routes())
        .and(scoring_models::routes())
        .and(assignments::routes())
        .and(assignment_rules::routes())
        .and(accounts::internal_routes())
        .and(scores::internal_routes())
        .and(provision::routes::<Deps>())
}
