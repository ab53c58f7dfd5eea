//! Cache of trusted issuers' keys: fetched on demand, and again for an unknown key id, at a limited rate.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use jsonwebtoken::jwk::Jwk;
use platform::Problem;
use serde_json::Value;
use tokio::sync::Mutex;

use super::{
    config::TrustedIssuer,
    domain::{self, ForeignClaims, ForeignKey},
};

const DEADLINE: Duration = Duration::from_secs(4);
const BYTES_LIMIT: usize = 256 << 10;
/// Keys are fetched again after this, so that a withdrawn key stops working.
const BELIEVED: Duration = Duration::from_secs(15 * 60);
/// How long they go on while the issuer is away.
const AT_MOST: Duration = Duration::from_secs(24 * 60 * 60);
/// An unknown key makes us fetch, but not more often than this.
const FETCHED_AT_MOST_EVERY: Duration = Duration::from_secs(10);

type Keys = HashMap<String, ForeignKey>;

#[derive(Default)]
struct Known {
    keys: Keys,
    fetched: Option<Instant>,
    tried: Option<Instant>,
}

/// The trusted issuers and what is known of their keys.
pub struct Issuers {
    trusted: Vec<TrustedIssuer>,
    known: Vec<Mutex<Known>>,
    http: reqwest::Client,
}

impl Issuers {
    /// Knows no key yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(trusted: Vec<TrustedIssuer>) -> anyhow::Result<Arc<Self>> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(2))
            .timeout(DEADLINE)
            .build()?;
        let known = trusted.iter().map(|_| Mutex::default()).collect();
        Ok(Arc::new(Self { trusted, known, http }))
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        self.trusted.iter().map(|trusted| trusted.issuer.clone()).collect()
    }

    /// What a token says, if one of them issued it for us.
    ///
    /// # Errors
    /// 401; 503 when the issuer's keys cannot be had.
    pub async fn verify(&self, token: &str) -> Result<ForeignClaims, Problem> {
        let (issuer, key_id) = domain::origin(token, &self.trusted)?;
        let key = self.key(issuer, &key_id).await?;
        domain::verify(token, issuer, &key)
    }

    async fn key(&self, issuer: &TrustedIssuer, id: &str) -> Result<ForeignKey, Problem> {
        let place = self.trusted.iter().position(|trusted| trusted.issuer == issuer.issuer);
        let known = place.and_then(|place| self.known.get(place));
        let known = known.ok_or_else(|| Problem::internal("an issuer has no place"))?;
        // Those who come while keys are fetched wait for that one fetch.
        let mut known = known.lock().await;
        let age = known.fetched.map(|fetched| fetched.elapsed());
        if age.is_some_and(|age| age < BELIEVED)
            && let Some(key) = known.keys.get(id)
        {
            return Ok(key.clone());
        }
        if known.tried.is_none_or(|tried| tried.elapsed() >= FETCHED_AT_MOST_EVERY) {
            known.tried = Some(Instant::now());
            match self.fetch(issuer).await {
                Ok(keys) => {
                    known.keys = keys;
                    known.fetched = Some(Instant::now());
                }
                Err(error) => {
                    tracing::warn!(issuer = issuer.issuer, error, "an issuer's keys cannot be fetched");
                }
            }
        }
        match known.fetched {
            Some(fetched) if fetched.elapsed() < AT_MOST => {
                known.keys.get(id).cloned().ok_or_else(domain::invalid)
            }
            _ => Err(Problem::unavailable(format!("the keys of {} are not known", issuer.issuer))),
        }
    }

    async fn fetch(&self, issuer: &TrustedIssuer) -> Result<Keys, String> {
        let text = |error: reqwest::Error| error.to_string();
        let answer = self.http.get(issuer.jwks_url.clone()).send().await.map_err(text)?;
        let mut answer = answer.error_for_status().map_err(text)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(text)? {
            if bytes.len() + chunk.len() > BYTES_LIMIT {
                return Err("the key set is too large".to_owned());
            }
            bytes.extend_from_slice(&chunk);
        }
        let set: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        let keys = set.get("keys").and_then(Value::as_array).ok_or("there is no key set")?;
        // One key of a kind unheard of does not spoil the others.
        let keys = keys.iter().filter_map(|key| serde_json::from_value::<Jwk>(key.clone()).ok());
        Ok(keys.filter_map(|jwk| Some((jwk.common.key_id.clone()?, ForeignKey::of(&jwk)?))).collect())
    }
}
