//! Security events: recorded with the change that caused them, and shown to the user and to the platform's staff.
//!
//! None of it goes to tenants: where else a person signs in, and from which address, is not their business.

mod api;
mod domain;
mod handlers;
mod store;

pub use domain::SecurityEvent;
pub use store::forget_old;

use contracts::UserId;
use platform::{
    Problem,
    db::GlobalTx,
    http::{Routes, context},
};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Authentication")
        .get("/api/v2/auth/security-events", "List the current user's security events", handlers::list_own)
        .named("list_own_security_events")
        .about("Sign-ins and changes of password, sessions and second factor.")
        .and(
            Routes::tagged("Users")
                .get(
                    "/api/v2/users/{id}/security-events",
                    "List a user's security events",
                    handlers::list_of_user,
                )
                .named("list_user_security_events"),
        )
}

/// Records a security event in the transaction of its cause. An event without an account is written too, so that the time
/// taken does not show whether an account exists.
///
/// # Errors
/// 503 when the database is away.
pub async fn record(
    tx: &mut GlobalTx<'_>,
    person: Option<UserId>,
    event: &SecurityEvent<'_>,
) -> Result<(), Problem> {
    let context = context::current();
    for event in event.events(person, context.as_deref()) {
        store::insert(tx, &event).await?;
    }
    Ok(())
}
