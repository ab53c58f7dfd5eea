//! All routes of the service.

use platform::{http::Routes, provision};

use crate::{
    administration, credentials, deps::Deps, greetings, mails, registrations, security_events,
    service_accounts, sessions, tokens, users,
};

/// The routes, context by context.
pub fn routes() -> Routes {
    registrations::routes()
        .and(credentials::routes())
        .and(sessions::routes())
        .and(service_accounts::routes())
        .and(users::routes())
        .and(administration::routes())
        .and(security_events::routes())
        .and(mails::routes())
        .and(tokens::routes())
        .and(greetings::routes())
        .and(provision::routes::<Deps>())
}
