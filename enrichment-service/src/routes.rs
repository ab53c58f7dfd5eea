//! Every route of the service.

use platform::{http::Routes, provision};

use crate::{accounts, deps::Deps, jobs};

pub(crate) fn routes() -> Routes {
    jobs::routes().and(jobs::internal_routes()).and(accounts::routes()).and(provision::routes::<Deps>())
}
