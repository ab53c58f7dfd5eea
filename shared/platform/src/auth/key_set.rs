//! The public keys that our own tokens are verified with, as auth-service publishes them.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use arc_swap::ArcSwapOption;
use contracts::{Service, access_tokens::JWKS_PATH};
use jsonwebtoken::{
    DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm},
};
use tokio::sync::Mutex;

use crate::client::Peers;

/// A token with an unknown key makes us ask again, but not more often than this.
const ASK_AT_MOST_EVERY: Duration = Duration::from_secs(1);

type Keys = HashMap<String, DecodingKey>;

/// The current keys.
#[derive(Default)]
pub struct KeySet {
    keys: ArcSwapOption<Keys>,
    asked: Mutex<Option<Instant>>,
}

/// Auth-service is away and nothing is known.
#[derive(Debug, thiserror::Error)]
#[error("the keys of access tokens cannot be loaded: {0}")]
pub struct Away(String);

impl KeySet {
    /// Whether keys were loaded.
    pub fn is_loaded(&self) -> bool {
        self.keys.load().is_some()
    }

    /// Loads the keys; gives whether one that was known is gone.
    ///
    /// # Errors
    /// When auth-service does not give them; those known stay.
    pub async fn refresh(&self, peers: &Peers) -> Result<bool, Away> {
        let mut asked = self.asked.lock().await;
        self.ask(peers, &mut asked).await
    }

    /// The key of that id. An unknown one is asked for, by one request at a time.
    ///
    /// # Errors
    /// When it is unknown here and auth-service is away.
    pub async fn key(&self, id: &str, peers: &Peers) -> Result<Option<DecodingKey>, Away> {
        if let Some(key) = self.known(id) {
            return Ok(Some(key));
        }
        let mut asked = self.asked.lock().await;
        if let Some(key) = self.known(id) {
            return Ok(Some(key));
        }
        let just_asked = asked.is_some_and(|time| time.elapsed() < ASK_AT_MOST_EVERY);
        if !(just_asked && self.is_loaded()) {
            self.ask(peers, &mut asked).await?;
        }
        Ok(self.known(id))
    }

    async fn ask(&self, peers: &Peers, asked: &mut Option<Instant>) -> Result<bool, Away> {
        let fetched = peers.fetch(Service::Auth, JWKS_PATH).await.map_err(|error| Away(error.to_string()))?;
        let set: JwkSet = serde_json::from_slice(&fetched.bytes).map_err(|error| Away(error.to_string()))?;
        *asked = Some(Instant::now());
        let keys: Keys = set.keys.iter().filter_map(usable).collect();
        let before = self.keys.swap(Some(Arc::new(keys)));
        let now = self.keys.load();
        let gone = |id: &String| now.as_ref().is_none_or(|keys| !keys.contains_key(id));
        Ok(before.is_some_and(|before| before.keys().any(gone)))
    }

    fn known(&self, id: &str) -> Option<DecodingKey> {
        self.keys.load().as_ref()?.get(id).cloned()
    }
}

/// Ed25519 keys with an id; others are not for access tokens.
fn usable(key: &Jwk) -> Option<(String, DecodingKey)> {
    let AlgorithmParameters::OctetKeyPair(pair) = &key.algorithm else { return None };
    let for_tokens = pair.curve == EllipticCurve::Ed25519
        && key.common.key_algorithm.is_none_or(|algorithm| algorithm == KeyAlgorithm::EdDSA);
    let id = key.common.key_id.clone().filter(|_| for_tokens)?;
    let decoding = DecodingKey::try_from(key);
    let decoding =
        decoding.inspect_err(|error| tracing::error!(%error, key.id = id, "a published key is unusable"));
    Some((id, decoding.ok()?))
}
