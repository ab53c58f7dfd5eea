//! The identity that the gateway would sign, so that a service answers without it.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

/// The header that carries it.
pub(super) const HEADER: &str = "X-Leadstream-Identity";
/// How long it is good for, in seconds.
const LIFE: u64 = 60;

/// An anonymous identity for a request of `path` to auth-service within the next minute.
pub(super) fn anonymous(secret: &str, path: &str) -> Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    signed(secret, path, now.as_secs() + LIFE)
}

fn signed(secret: &str, path: &str, until: u64) -> Result<String> {
    let claims = json!({
        "aud": "auth", "exp": until, "rid": "00000000-0000-4000-8000-000000000000", "mth": "GET", "pth": path,
        "adr": "127.0.0.1", "who": "anonymous",
    });
    let claims = BASE64.encode(serde_json::to_vec(&claims)?);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).context("the secret is no key")?;
    mac.update(claims.as_bytes());
    Ok(format!("{claims}.{}", BASE64.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_are_signed_with_the_secret() {
        let (one, other) = (signed("one", "/x", 7).unwrap(), signed("other", "/x", 7).unwrap());
        let (claims, signature) = one.split_once('.').unwrap();

        assert_eq!(other.split_once('.').unwrap().0, claims);
        assert_ne!(other.split_once('.').unwrap().1, signature);
        assert_eq!(signature.len(), 43);
        let claims: serde_json::Value = serde_json::from_slice(&BASE64.decode(claims).unwrap()).unwrap();
        assert_eq!(claims["pth"], "/x");
    }
}
