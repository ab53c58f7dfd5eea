//! Issues access tokens: JWTs (RFC 9068) signed with the active Ed25519 key.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::access_tokens::{AUDIENCE, AccessClaims, ISSUER, TOKEN_TYPE};
use jsonwebtoken::{Algorithm, Header};
use platform::Problem;
use uuid::Uuid;

use crate::{signing_keys::SigningKey, users::User};

/// Signs access tokens with one key.
pub struct Issuer {
    key: SigningKey,
    life: Duration,
}

impl Issuer {
    /// Signs with `key`; tokens are good for `life`.
    pub fn new(key: SigningKey, life: Duration) -> Self {
        Self { key, life }
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
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(self.key.kid.clone());
        jsonwebtoken::encode(&header, &claims, &self.key.private)
            .map_err(|error| Problem::internal(format!("an access token could not be signed: {error}")))
    }
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
