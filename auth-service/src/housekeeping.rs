//! Forgets what no longer matters: revocations, tokens, counts of wrong passwords, mails.

use std::time::Duration;

use actix_web::web::Data;
use platform::{Problem, worker::Shutdown};

use crate::{
    attempts, deps::Deps, mails, one_time_tokens, revocations, second_factors, security_events, sessions,
    signing_keys,
};

const PAUSE: Duration = Duration::from_secs(60);
/// How long a retired signing key is published beyond the life of what it signed: a process may be slow to notice that
/// another key signs now.
const RETIRED_FOR: Duration = Duration::from_secs(60 * 60);

/// How many rows of each kind were deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Revocations of tokens that expired.
    pub revocations: usize,
    /// Refresh tokens that expired long ago.
    pub refresh_tokens: usize,
    /// Tokens of mails that expired long ago.
    pub one_time_tokens: usize,
    /// Counts of wrong passwords.
    pub failures: usize,
    /// Mails that ended long ago.
    pub mails: usize,
    /// Old security events.
    pub security_events: usize,
    /// Sign-in challenges that expired unanswered.
    pub challenges: usize,
    /// Signing keys that retired long ago.
    pub signing_keys: usize,
}

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, mut shutdown: Shutdown) {
    loop {
        match clean(&deps).await {
            Ok(cleaned) if cleaned == Cleaned::default() => {}
            Ok(cleaned) => tracing::info!(?cleaned, "expired rows were deleted"),
            Err(problem) => tracing::warn!(%problem, "expired rows could not be deleted"),
        }
        if !shutdown.sleep(PAUSE).await {
            return;
        }
    }
}

/// One round.
///
/// # Errors
/// 503 when the database is away.
pub async fn clean(deps: &Deps) -> Result<Cleaned, Problem> {
    deps.db
        .in_system(async |tx| {
            Ok(Cleaned {
                revocations: revocations::store::forget_expired(tx).await?,
                refresh_tokens: sessions::store::forget_expired(tx).await?,
                one_time_tokens: one_time_tokens::store::forget_expired(tx).await?,
                failures: attempts::store::forget_expired(tx).await?,
                mails: mails::store::forget_expired(tx).await?,
                security_events: security_events::forget_old(tx).await?,
                challenges: second_factors::store::forget_expired(tx).await?,
                signing_keys: signing_keys::store::forget_retired(tx, deps.lives.access + RETIRED_FOR)
                    .await?,
            })
        })
        .await
}
