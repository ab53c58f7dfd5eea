//! Forgets revocations and refresh tokens that no longer matter.

use std::time::Duration;

use actix_web::web::Data;
use platform::{Problem, worker::Shutdown};

use crate::{deps::Deps, revocations, sessions};

const PAUSE: Duration = Duration::from_secs(60);

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    loop {
        match clean(&deps).await {
            Ok((0, 0)) => {}
            Ok((revocations, refresh_tokens)) => {
                tracing::info!(revocations, refresh_tokens, "expired rows were deleted");
            }
            Err(problem) => tracing::warn!(%problem, "expired rows could not be deleted"),
        }
        if !shutdown.sleep(PAUSE).await {
            return;
        }
    }
}

/// One round. Gives how many revocations and refresh tokens were deleted.
///
/// # Errors
/// 503 when the database is away.
pub async fn clean(deps: &Deps) -> Result<(usize, usize), Problem> {
    deps.db
        .in_system(async |tx| {
            Ok((revocations::store::forget_expired(tx).await?, sessions::store::forget_expired(tx).await?))
        })
        .await
}
