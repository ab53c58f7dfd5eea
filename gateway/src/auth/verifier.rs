//! Turns an `Authorization` header into a person. A token that was seen before costs one digest and two look-ups.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use moka::future::Cache;
use platform::{Problem, auth::key_set::KeySet, client::Peers, worker::Shutdown};
use sha2::{Digest, Sha256};

use super::{
    foreign::ForeignTokens,
    revocations::Revocations,
    token::{self, AccessToken, Fault, LEEWAY},
};

const TOKENS_REMEMBERED: u64 = 100_000;
const KEYS_EVERY: Duration = Duration::from_secs(30);
const REVOCATIONS_EVERY: Duration = Duration::from_secs(2);
const UNTIL_FIRST_LOADED: Duration = Duration::from_millis(250);

/// Verifies tokens.
pub struct Verifier {
    peers: Peers,
    /// Public keys.
    pub keys: KeySet,
    /// What voids tokens early.
    pub revocations: Revocations,
    /// Tokens of other issuers.
    pub foreign: ForeignTokens,
    verified: Cache<[u8; 32], Arc<AccessToken>>,
    outage_grace: Duration,
}

impl Verifier {
    /// Starts without keys. When revocations are older than `outage_grace`, every token is refused.
    pub fn new(peers: Peers, outage_grace: Duration) -> Self {
        let verified =
            Cache::builder().max_capacity(TOKENS_REMEMBERED).time_to_idle(Duration::from_secs(900)).build();
        Self {
            peers,
            keys: KeySet::default(),
            revocations: Revocations::default(),
            foreign: ForeignTokens::default(),
            verified,
            outage_grace,
        }
    }

    /// The person that the header's token was issued to.
    ///
    /// # Errors
    /// 401 for a token that is not accepted, 503 while that cannot be decided.
    pub async fn person(&self, header: Option<&str>) -> Result<Arc<AccessToken>, Problem> {
        let text = token::bearer(header.ok_or(Fault::Missing)?)?;
        self.can_decide()?;
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let token = match self.verified.get(&digest).await {
            Some(token) => token,
            None if self.foreign.claims(text) => self.foreign.person(&self.peers, text, digest).await?,
            None => {
                let token = Arc::new(self.verify(text).await?);
                self.verified.insert(digest, Arc::clone(&token)).await;
                token
            }
        };
        self.set_limit_state(&token)?;
        Ok(token)
    }

    /// Whether a token that was accepted before would be accepted now.
    ///
    /// # Errors
    /// As [`Verifier::person`].
    pub fn still_accepts(&self, token: &AccessToken) -> Result<(), Problem> {
        self.can_decide()?;
        Ok(self.set_limit_state(token)?)
    }

    fn can_decide(&self) -> Result<(), Problem> {
        if !self.revocations.is_complete() {
            Err(Problem::unavailable("revocations are not loaded yet"))
        } else if self.revocations.age() > self.outage_grace {
            Err(Problem::unavailable("auth-service has been away for too long"))
        } else {
            Ok(())
        }
    }

    fn set_limit_state(&self, token: &AccessToken) -> Result<(), Fault> {
        if token.expires_at.saturating_add(LEEWAY) <= Utc::now().timestamp() {
            Err(Fault::Expired)
        } else if self.revocations.cover(token) {
            Err(Fault::Revoked)
        } else {
            Ok(())
        }
    }

    async fn verify(&self, text: &str) -> Result<AccessToken, Problem> {
        let key = self.keys.key(&token::key_id(text)?, &self.peers).await;
        let key = key.map_err(|error| Problem::unavailable(error.to_string()))?;
        Ok(token::verify(text, &key.ok_or(Fault::Invalid)?)?)
    }

    /// Keeps keys up to date until the process ends.
    pub async fn keep_keys(self: Arc<Self>, mut shutdown: Shutdown) {
        loop {
            match self.keys.refresh(&self.peers).await {
                // What a withdrawn key signed is not accepted any more, remembered or not.
                Ok(true) => self.verified.invalidate_all(),
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "keys are not up to date"),
            }
            if let Err(error) = self.foreign.refresh(&self.peers).await {
                tracing::warn!(%error, "it is not known whether other issuers are trusted now");
            }
            let pause = if self.keys.is_loaded() { KEYS_EVERY } else { UNTIL_FIRST_LOADED };
            if !shutdown.sleep(pause).await {
                return;
            }
        }
    }

    /// Keeps revocations up to date until the process ends.
    pub async fn keep_revocations(self: Arc<Self>, mut shutdown: Shutdown) {
        loop {
            if let Err(error) = self.revocations.refresh(&self.peers).await {
                tracing::warn!(%error, "revocations are not up to date");
            }
            let pause = if self.revocations.is_complete() { REVOCATIONS_EVERY } else { UNTIL_FIRST_LOADED };
            if !shutdown.sleep(pause).await {
                return;
            }
        }
    }
}
