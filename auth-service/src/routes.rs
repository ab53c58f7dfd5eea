//! All routes of the service.

use platform::{http::Routes, provision};

use crate::{deps::Deps, greetings, passwords, registrations, revocations, sessions, signing_keys, users};

/// The routes, slice by slice.
pub fn routes() -> Routes {
    registrations::routes()
        .and(sessions::routes())
        .and(passwords::routes())
        .and(users::routes())
        .and(signing_keys::routes())
        .and(revocations::routes())
        .and(greetings::routes())
        .and(provision::routes::<Deps>())
}
