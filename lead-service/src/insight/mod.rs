//! Insight: leads that are the same person, what happened to records, the sources of their values, reports, and the owners of
//! records.

mod merges;
mod owners;
mod provenance;
mod reports;
mod timelines;

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    merges::routes().and(provenance::routes()).and(reports::routes()).and(timelines::routes())
}

/// What other services ask.
pub fn internal_routes() -> Routes {
    owners::internal_routes().and(provenance::internal_routes())
}
