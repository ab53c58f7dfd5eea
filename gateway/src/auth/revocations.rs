//! Revoked sessions and users with void access tokens. Known in full before the first
//! token is accepted.

use std::{
    sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use chrono::Utc;
use contracts::internal::users::{ListRevocations, Revocation};
use dashmap::DashMap;
use platform::client::{CallError, Peers};
use uuid::Uuid;

use super::token::AccessToken;

#[derive(Clone, Copy)]
struct Void {
    /// Tokens issued before this unix time in milliseconds; all of them for a session.
    issued_before: i64,
    /// When it stops to matter, in unix seconds.
    expires_at: i64,
}

/// All revocations that still matter.
pub struct Revocations {
    by_subject: DashMap<Uuid, Void>,
    last: AtomicI64,
    complete: AtomicBool,
    began: Instant,
    /// Milliseconds from `began` to the last time that auth-service answered.
    heard_ms: AtomicU64,
}

impl Default for Revocations {
    fn default() -> Self {
        Self {
            by_subject: DashMap::new(),
            last: AtomicI64::new(0),
            complete: AtomicBool::new(false),
            began: Instant::now(),
            heard_ms: AtomicU64::new(0),
        }
    }
}

impl Revocations {
    /// Whether all that were recorded before our start are known.
    pub fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }

    /// How long ago auth-service last said that nothing is missing.
    pub fn age(&self) -> Duration {
        self.began.elapsed().saturating_sub(Duration::from_millis(self.heard_ms.load(Ordering::Acquire)))
    }

    /// Whether the token is void.
    pub fn cover(&self, token: &AccessToken) -> bool {
        let issued_at = token.issued_at.saturating_mul(1_000);
        let covers =
            |subject: Uuid| self.by_subject.get(&subject).is_some_and(|void| issued_at < void.issued_before);
        covers(token.session) || covers(token.user.0)
    }

    /// Takes note of a revocation that was pushed.
    pub fn add(&self, revocation: &Revocation) {
        let void = Void {
            issued_before: revocation.issued_before.map_or(i64::MAX, |time| time.timestamp_millis()),
            expires_at: revocation.expires_at.timestamp(),
        };
        let mut known = self.by_subject.entry(revocation.subject).or_insert(void);
        known.issued_before = known.issued_before.max(void.issued_before);
        known.expires_at = known.expires_at.max(void.expires_at);
    }

    /// Asks auth-service for those not known yet, and forgets those that stopped to matter.
    ///
    /// # Errors
    /// When auth-service is away.
    pub async fn refresh(&self, peers: &Peers) -> Result<(), CallError> {
        // What is revoked while we ask may be missing in the answer.
        let asked = self.began.elapsed();
        loop {
            let after = self.last.load(Ordering::Relaxed);
            let revocations = peers.call(&ListRevocations { after }).await?;
            let Some(last) = revocations.iter().map(|revocation| revocation.seq).max() else { break };
            revocations.iter().for_each(|revocation| self.add(revocation));
            self.last.fetch_max(last, Ordering::Relaxed);
            if last <= after {
                break;
            }
        }
        self.heard_ms.store(u64::try_from(asked.as_millis()).unwrap_or(u64::MAX), Ordering::Release);
        self.complete.store(true, Ordering::Release);
        let now = Utc::now().timestamp();
        self.by_subject.retain(|_, void| void.expires_at > now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use contracts::{UserId, identity::PlatformRole};

    use super::*;

    fn token(issued_at: i64) -> AccessToken {
        let (user, session) = (UserId(Uuid::from_u128(1)), Uuid::from_u128(2));
        let (role, second_factor) = (PlatformRole::None, false);
        AccessToken { user, session, role, second_factor, issued_at, expires_at: issued_at + 900, host: None }
    }

    fn revoked(subject: u128, issued_before: Option<DateTime<Utc>>) -> Revocations {
        let revocations = Revocations::default();
        let expires_at = Utc::now() + chrono::Duration::hours(1);
        revocations.add(&Revocation { seq: 1, subject: Uuid::from_u128(subject), issued_before, expires_at });
        revocations
    }

    #[test]
    fn a_revoked_session_voids_all_its_tokens_and_no_others() {
        assert!(revoked(2, None).cover(&token(100)));
        assert!(!revoked(3, None).cover(&token(100)));
    }

    #[test]
    fn a_revoked_person_keeps_the_tokens_issued_later() {
        let revocations = revoked(1, DateTime::from_timestamp_millis(100_500));
        assert!(revocations.cover(&token(99)));
        assert!(revocations.cover(&token(100)), "issued in the same second, before");
        assert!(!revocations.cover(&token(101)));
    }

    #[test]
    fn an_older_revocation_arriving_late_changes_nothing() {
        let revocations = revoked(1, DateTime::from_timestamp(200, 0));
        let older = DateTime::from_timestamp(100, 0);
        revocations.add(&Revocation {
            seq: 0,
            subject: Uuid::from_u128(1),
            issued_before: older,
            expires_at: Utc::now(),
        });
        assert!(revocations.cover(&token(150)));
    }
}
