//! Registering: a person alone, or a person who brings a new tenant.
//!
//! The tenant is made by tenant-service. The person and the wish for a tenant are stored together first; then
//! tenant-service is asked, with an id chosen here, so that asking again makes nothing twice. It says yes and the wish
//! is fulfilled; it says no and the person is taken back; it does not answer, and the wish stays: a worker goes on
//! asking, as does the same registration when it is sent again. Until then the person cannot sign in.

mod api;
mod claim;
mod domain;
mod founding;
mod handlers;
mod store;
mod worker;

pub use store::FoundingRow;
pub use worker::run as run_worker;

use std::time::Duration;

use contracts::internal::users::ClaimAccount;
use platform::http::Routes;

use crate::turns::Turns;

/// Registrations that may wait to look into the database.
const WAITING: usize = 128;
/// How long they wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// Turns at looking a registration's address up, one at a time: each thread has two connections to the database at least, so that
/// registrations that look never take all of them. A look is four short statements.
pub fn turns() -> Turns {
    Turns::new(1, WAITING, PATIENCE, "too many registrations wait to be looked up")
}

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Authentication")
        .post("/api/v2/auth/register", "Register a user", handlers::register)
        .named("register")
        .about(
            "With `tenant`, a new tenant is created and the user becomes its admin: the shortest way \
             to a tenant of your own.",
        )
        .and(
            Routes::tagged("internal")
                .internal::<ClaimAccount, _, _>("Claim an account with a mailed token", claim::claim),
        )
}
