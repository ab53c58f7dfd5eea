//! What happens to people's access: recorded with it, and handed to tenant-service for the audit of their tenants.

mod domain;
mod store;
pub mod worker;

pub use domain::Happening;
pub use store::forget_refused;

use contracts::UserId;
use platform::{Problem, db::GlobalTx, http::context};

/// Records what happened to a person's access, in the transaction of it. Nobody's is written alike, so that an account
/// that does not exist is not told from one that does by the time it takes.
///
/// # Errors
/// 503 when the database is away.
pub async fn record(
    tx: &mut GlobalTx<'_>,
    person: Option<UserId>,
    happening: &Happening<'_>,
) -> Result<(), Problem> {
    let context = context::current();
    for occurrence in happening.occurrences(person, context.as_deref()) {
        store::insert(tx, person, &occurrence).await?;
    }
    Ok(())
}
