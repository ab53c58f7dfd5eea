//! Every route of the service.

use platform::{http::Routes, provision};

use crate::{accounts, cells, columns, deps::Deps, jobs, providers, raw_records, runs, usage, waterfalls};

pub(crate) fn routes() -> Routes {
    jobs::routes()
        .and(runs::routes())
        .and(waterfalls::routes())
        .and(providers::routes())
        .and(columns::routes())
        .and(cells::routes())
        .and(usage::routes())
        .and(raw_records::routes())
        .and(jobs::internal_routes())
        .and(accounts::routes())
        .and(provision::routes::<Deps>())
}
