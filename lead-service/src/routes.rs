//! Every route of the service.

use platform::{http::Routes, provision};

use crate::{accounts, api_keys, deps::Deps, ingest, leads, products};

/// The routes, by slice.
pub fn routes() -> Routes {
    ingest::routes()
        .and(leads::routes())
        .and(accounts::routes())
        .and(products::routes())
        .and(api_keys::routes())
        .and(accounts::internal_routes())
        .and(provision::routes::<Deps>())
}
