//! Bearer tokens of other issuers. Auth-service resolves them to a user; the result is cached briefly. What
//! voids our own tokens early voids them, too.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use contracts::internal::identities::{ForeignIdentity, IdentifyForeign, ListIssuers};
use moka::future::Cache;
use platform::{
    Problem,
    client::{CallError, Peers},
};
use serde::Deserialize;

use super::token::AccessToken;

const REMEMBERED: u64 = 20_000;
/// How long auth-service's word is taken for.
const BELIEVED: Duration = Duration::from_secs(60);

/// A token's unverified claims.
#[derive(Deserialize)]
struct Claimed {
    iss: String,
}

/// Tokens of other issuers, as far as they were asked about.
pub struct ForeignTokens {
    issuers: ArcSwap<Vec<String>>,
    identified: Cache<[u8; 32], Arc<AccessToken>>,
}

impl Default for ForeignTokens {
    fn default() -> Self {
        let identified = Cache::builder().max_capacity(REMEMBERED).time_to_live(BELIEVED).build();
        Self { issuers: ArcSwap::default(), identified }
    }
}

impl ForeignTokens {
    /// Loads the trusted issuers from auth-service.
    ///
    /// # Errors
    /// When it is away; those known stay.
    pub async fn refresh(&self, peers: &Peers) -> Result<(), CallError> {
        let issuers = peers.call(&ListIssuers {}).await?;
        self.issuers.store(Arc::new(issuers));
        Ok(())
    }

    /// Whether the token claims to be from one of them. Whether it is, auth-service finds out.
    pub fn claims(&self, token: &str) -> bool {
        let issuers = self.issuers.load();
        if issuers.is_empty() {
            return false;
        }
        let claims = token.split('.').nth(1).and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
        let claimed: Option<Claimed> = claims.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        claimed.is_some_and(|claimed| issuers.contains(&claimed.iss))
    }

    /// The person of a token, by its digest if it was asked about lately.
    ///
    /// # Errors
    /// 401 and 403 as auth-service says; 503 when it is away.
    pub async fn person(
        &self,
        peers: &Peers,
        token: &str,
        digest: [u8; 32],
    ) -> Result<Arc<AccessToken>, Problem> {
        let asking = async {
            let answer = peers.call(&IdentifyForeign { token: token.to_owned() }).await;
            answer.map(|identity| Arc::new(identity.into())).map_err(refused)
        };
        self.identified.try_get_with(digest, asking).await.map_err(|problem| (*problem).clone())
    }
}

impl From<ForeignIdentity> for AccessToken {
    fn from(identity: ForeignIdentity) -> Self {
        Self {
            user: identity.user_id,
            session: identity.identity_id,
            role: identity.platform_role,
            second_factor: identity.second_factor,
            issued_at: identity.issued_at,
            expires_at: identity.expires_at,
            host: None,
        }
    }
}

/// Codes of refusals that are passed on as they are.
const CODES: [&str; 5] =
    ["invalid_token", "token_expired", "token_revoked", "email_not_verified", "user_inactive"];

fn refused(error: CallError) -> Problem {
    let CallError::Refused(_, body) = &error else { return error.into() };
    let code = CODES.into_iter().find(|code| *code == body.code);
    match (code, body.status) {
        (Some(code), 401) => Problem::unauthorized(code, body.detail.clone()),
        (Some(code), 403) => Problem::forbidden(code, body.detail.clone()),
        _ => error.into(),
    }
}
