//! Issues access tokens (RFC 9068) and service tokens: JWTs signed with the active Ed25519 key.

use std::{sync::Arc, time::Duration};

use actix_web::web::Data;
use arc_swap::ArcSwap;
use chrono::Utc;
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
    tokens::signing_keys::{self, SigningKey},
    users::User,
};

/// How often it is looked whether another key has become active.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Seconds for which a service token is good.
const SERVICE_LIFE_SECONDS: i64 = 600;

/// What a token says of its session.
#[derive(Clone, Debug)]
pub struct SessionFacts {
    /// The session.
    pub id: Uuid,
    /// Whether it was begun with a second factor.
    pub second_factor: bool,
    /// Unix time in seconds that the token is dated to, by the database's clock like all that voids it.
    pub issued_at: i64,
    /// The host that its tokens are good at; none where they are good everywhere.
    pub host: Option<String>,
}

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

    /// A token of `user` for their session.
    ///
    /// # Errors
    /// 500 when the key cannot sign.
    pub fn issue(&self, user: &User, session: &SessionFacts) -> Result<String, Problem> {
        let issued_at = session.issued_at;
        let claims = AccessClaims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.id,
            session: session.id,
            platform_role: user.platform_role,
            email: user.email.clone(),
            amr: AccessClaims::methods(session.second_factor),
            host: session.host.clone(),
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
