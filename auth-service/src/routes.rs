//! All routes of the service.

use platform::{http::Routes, provision};

use crate::{
    cookie_sessions, customers, deps::Deps, greetings, identities, mails, passwords, registrations,
    revocations, second_factors, security_events, service_accounts, sessions, signing_keys, users,
    verifications,
};

/// The routes, slice by slice.
pub fn routes() -> Routes {
    registrations::routes()
        .and(sessions::routes())
        .and(cookie_sessions::routes())
        .and(passwords::routes())
        .and(verifications::routes())
        .and(identities::routes())
        .and(second_factors::routes())
        .and(service_accounts::routes())
        .and(customers::routes())
        .and(users::routes())
        .and(security_events::routes())
        .and(mails::routes())
        .and(signing_keys::routes())
        .and(revocations::routes())
        .and(greetings::routes())
        .and(provision::routes::<Deps>())
}
