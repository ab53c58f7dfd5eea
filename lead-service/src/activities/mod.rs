//! Activities with a lead, deal, contact or account, done or planned.

mod api;
mod domain;
mod entity;
mod routes;
mod store;
mod tasks;

pub use api::ActivityView;
pub use tasks::{api::TaskView, domain::TaskStatus, subject::Subject};

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    routes::routes().and(tasks::routes())
}
