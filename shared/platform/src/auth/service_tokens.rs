//! Verifies the tokens of outside workers. Signature, type, audience and time are checked here; whether the account is
//! still in use is asked of auth-service and remembered for seconds.

use std::time::{Duration, Instant};

use contracts::{
    access_tokens::ISSUER,
    internal::service_accounts::CheckServiceAccount,
    service_tokens::{ServiceClaims, TOKEN_TYPE},
};
use dashmap::DashMap;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, errors::ErrorKind};
use uuid::Uuid;

use super::key_set::KeySet;
use crate::{client::Peers, http::Problem};

const LEEWAY_SECONDS: u64 = 5;
const LENGTH_LIMIT: usize = 8_192;
/// A switched-off account is out after this.
const BELIEVED: Duration = Duration::from_secs(3);
/// How long an account goes on while auth-service is away.
const AT_MOST: Duration = Duration::from_secs(60);

/// Verifies service tokens.
pub struct ServiceTokens {
    peers: Peers,
    keys: KeySet,
    active: DashMap<Uuid, Instant>,
}

impl ServiceTokens {
    /// Knows no key yet.
    pub fn new(peers: Peers) -> Self {
        Self { peers, keys: KeySet::default(), active: DashMap::new() }
    }

    /// What the token of an `Authorization` header says, if it is good for `audience`.
    ///
    /// # Errors
    /// 401 for anything but a good token, 403 `wrong_audience` for one that is good for something else, 503 when that
    /// cannot be decided.
    pub async fn verify(&self, header: Option<&str>, audience: &str) -> Result<ServiceClaims, Problem> {
        let token = header.and_then(bearer).ok_or_else(missing)?;
        let head = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
        if head.alg != Algorithm::EdDSA || head.typ.as_deref() != Some(TOKEN_TYPE) {
            return Err(invalid());
        }
        let key = self.keys.key(&head.kid.ok_or_else(invalid)?, &self.peers).await;
        let key = key.map_err(|error| Problem::unavailable(error.to_string()))?.ok_or_else(invalid)?;
        let claims = read(token, &key)?;
        if claims.aud != audience {
            return Err(Problem::forbidden("wrong_audience", format!("This needs a token for {audience}.")));
        }
        self.check_standing(claims.sub).await?;
        Ok(claims)
    }

    async fn check_standing(&self, account: Uuid) -> Result<(), Problem> {
        let known = self.active.get(&account).map(|known| *known);
        if known.is_some_and(|asked| asked.elapsed() < BELIEVED) {
            return Ok(());
        }
        let asked = Instant::now();
        match self.peers.call(&CheckServiceAccount { id: account }).await {
            Ok(standing) if standing.active => {
                self.active.insert(account, asked);
                Ok(())
            }
            Ok(_) => {
                self.active.remove(&account);
                Err(Problem::unauthorized("token_revoked", "The service account is no longer in use."))
            }
            Err(error) if known.is_some_and(|asked| asked.elapsed() < AT_MOST) => {
                tracing::warn!(%error, "a service account goes on as it was last known");
                Ok(())
            }
            Err(error) => Err(Problem::unavailable(error.to_string())),
        }
    }
}

fn read(token: &str, key: &DecodingKey) -> Result<ServiceClaims, Problem> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    // Compared by the caller, who distinguishes a token for another audience from an invalid one.
    validation.set_audience(contracts::service_tokens::AUDIENCES);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.leeway = LEEWAY_SECONDS;
    let decoded = jsonwebtoken::decode::<ServiceClaims>(token, key, &validation);
    decoded.map(|decoded| decoded.claims).map_err(|error| match error.kind() {
        ErrorKind::ExpiredSignature => {
            Problem::unauthorized("token_expired", "The service token has expired. Ask for a new one.")
        }
        _ => invalid(),
    })
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= LENGTH_LIMIT)
        .then_some(token)
}

fn missing() -> Problem {
    Problem::unauthorized("not_authenticated", "Send a service token as a Bearer token.")
}

fn invalid() -> Problem {
    Problem::unauthorized("invalid_token", "The service token is not valid.")
}
