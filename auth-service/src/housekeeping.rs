//! Forgets what no longer matters: revocations, tokens, counts of wrong passwords, mails.

use std::time::Duration;

use actix_web::web::Data;
use platform::{Problem, worker::Shutdown};

use crate::{credentials, deps::Deps, mails, security_events, sessions, tokens};

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
                revocations: tokens::forget_expired_revocations(tx).await?,
                refresh_tokens: sessions::forget_expired(tx).await?,
                one_time_tokens: tokens::forget_expired_one_time_tokens(tx).await?,
                failures: credentials::forget_expired_attempts(tx).await?,
                mails: mails::forget_expired(tx).await?,
                security_events: security_events::forget_old(tx).await?,
                challenges: credentials::forget_expired_challenges(tx).await?,
                signing_keys: tokens::forget_retired_signing_keys(tx, deps.lives.access + RETIRED_FOR)
                    .await?,
            })
        })
        .await
}
