//! Issues access tokens (RFC 9068) and service tokens: JWTs signed with the active Ed25519 key.

use std::{sync::Arc, time::Duration};

use actix_web::web::Data;
use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use contracts::{
    access_tokens::{AUDIENCE, AccessClaims, ISSUER, TOKEN_TYPE},
    service_tokens::{self, ServiceClaims},
};
use jsonwebtoken::{Algorithm, Header};
use platform::{Problem, worker::Shutdown};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    deps::Deps,
    signing_keys::{self, SigningKey},
    users::User,
};

/// How often it is looked whether another key has become active.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Seconds for which a service token is good.
const SERVICE_LIFE_SECONDS: i64 = 600;

/// Signs tokens with the active key.
pub struct Issuer {
    key: ArcSwap<SigningKey>,
    life: Duration,
}

impl Issuer {
    /// Signs with `key`; tokens are good for `life`.
    pub fn new(key: SigningKey, life: Duration) -> Self {
        Self { key: ArcSwap::from_pointee(key), life }
    }

    /// Seconds for which a new token is good.
    pub fn life_seconds(&self) -> i64 {
        i64::try_from(self.life.as_secs()).unwrap_or(i64::MAX)
    }

    /// A token of `user` in `session`. `void_before` is the time before which the person's tokens are void.
    ///
    /// # Errors
    /// 500 when the key cannot sign.
    pub fn issue(
        &self,
        user: &User,
        session: Uuid,
        void_before: Option<DateTime<Utc>>,
    ) -> Result<String, Problem> {
        let issued_at = issued_at(Utc::now(), void_before);
        let claims = AccessClaims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.id,
            sid: session,
            prl: user.platform_role,
            email: user.email.clone(),
            iat: issued_at,
            exp: issued_at.saturating_add(self.life_seconds()),
            jti: Uuid::now_v7(),
        };
        self.sign(TOKEN_TYPE, &claims)
    }

    /// A token of a service account for one audience, and for how many seconds it is good.
    ///
    /// # Errors
    /// 500 when the key cannot sign.
    pub fn issue_for_service(
        &self,
        account: Uuid,
        client_id: &str,
        audience: &str,
    ) -> Result<(String, i64), Problem> {
        let now = Utc::now().timestamp();
        let claims = ServiceClaims {
            iss: ISSUER.to_owned(),
            aud: audience.to_owned(),
            sub: account,
            client_id: client_id.to_owned(),
            iat: now,
            exp: now + SERVICE_LIFE_SECONDS,
            jti: Uuid::now_v7(),
        };
        Ok((self.sign(service_tokens::TOKEN_TYPE, &claims)?, SERVICE_LIFE_SECONDS))
    }

    /// Id of the key that signs.
    pub fn key_id(&self) -> String {
        self.key.load().kid.clone()
    }

    /// Signs with another key from now on.
    pub fn use_key(&self, key: SigningKey) {
        self.key.store(Arc::new(key));
    }

    fn sign(&self, kind: &str, claims: &impl Serialize) -> Result<String, Problem> {
        let key = self.key.load();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(kind.to_owned());
        header.kid = Some(key.kid.clone());
        jsonwebtoken::encode(&header, claims, &key.private)
            .map_err(|error| Problem::internal(format!("a token could not be signed: {error}")))
    }
}

/// Takes up a key that became active elsewhere, until the process ends.
pub async fn keep_current(deps: Data<Deps>, mut shutdown: Shutdown) {
    while shutdown.sleep(LOOK_EVERY).await {
        if let Err(error) = take_up_newer(&deps).await {
            tracing::warn!(%error, "it is not known whether another signing key is active");
        }
    }
}

/// One look. Gives whether another key signs from now on.
///
/// # Errors
/// When the database is away or the key does not open.
pub async fn take_up_newer(deps: &Deps) -> anyhow::Result<bool> {
    let newer = signing_keys::newer(&deps.db, &deps.sealing, &deps.issuer.key_id()).await?;
    let found = newer.is_some();
    if let Some(key) = newer {
        tracing::info!(key.id = key.kid, "another signing key is used from now on");
        deps.issuer.use_key(key);
    }
    Ok(found)
}

/// `iat` counts whole seconds. A token made in the very second of a revocation, but after it, is dated to the next one,
/// or it would count as issued before.
fn issued_at(now: DateTime<Utc>, void_before: Option<DateTime<Utc>>) -> i64 {
    let earliest =
        void_before.map_or(i64::MIN, |time| time.timestamp() + i64::from(time.timestamp_subsec_nanos() > 0));
    now.timestamp().max(earliest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(millis).unwrap()
    }

    #[test]
    fn a_token_is_dated_to_the_second_it_is_made_in() {
        assert_eq!(issued_at(at(5_900), None), 5);
        assert_eq!(issued_at(at(5_900), Some(at(2_100))), 5);
    }

    #[test]
    fn a_token_made_right_after_a_revocation_does_not_count_as_issued_before_it() {
        assert_eq!(issued_at(at(5_900), Some(at(5_500))), 6);
        assert_eq!(issued_at(at(5_900), Some(at(5_000))), 5);
    }
}
