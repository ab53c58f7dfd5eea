//! Signs and verifies the identity that travels between processes.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as B64};
use contracts::{
    Service,
    identity::{Caller, IDENTITY_LIFE_SECONDS, Identity},
};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;

use crate::config::IdentityConfig;

/// Signs identities and checks those of others.
#[derive(Clone)]
pub struct IdentityKeys {
    current: Hmac<Sha256>,
    previous: Option<Hmac<Sha256>>,
}

/// Why an identity was not accepted. Logged, never shown to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is none.
    #[error("no identity header")]
    Missing,
    /// It is not of our form.
    #[error("identity is malformed")]
    Malformed,
    /// The signature is not made with our secret.
    #[error("identity signature does not verify")]
    Signature,
    /// It is older than its life.
    #[error("identity has expired")]
    Expired,
    /// It was made for another service.
    #[error("identity is for another service")]
    Audience,
    /// It was made for another request.
    #[error("identity is for another method or path")]
    Request,
}

impl IdentityKeys {
    /// Keys from the configuration.
    pub fn new(config: &IdentityConfig) -> anyhow::Result<Self> {
        let key = |secret: &secrecy::SecretString| Hmac::new_from_slice(secret.expose_secret().as_bytes());
        Ok(Self { current: key(&config.secret)?, previous: config.previous.as_ref().map(key).transpose()? })
    }

    /// The header value for these claims.
    pub fn sign(&self, identity: &Identity) -> String {
        let claims = B64.encode(serde_json::to_vec(identity).unwrap_or_default());
        let mut mac = self.current.clone();
        mac.update(claims.as_bytes());
        let mut header = claims;
        header.push('.');
        B64.encode_string(mac.finalize().into_bytes(), &mut header);
        header
    }

    /// Claims of one process calling another.
    pub fn sign_service_call(
        &self,
        from: Service,
        to: Service,
        method: &str,
        path: &str,
        request_id: &str,
    ) -> String {
        self.sign(&Identity {
            aud: to,
            exp: chrono::Utc::now().timestamp() + IDENTITY_LIFE_SECONDS,
            request_id: request_id.to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
            client_address: None,
            who: Caller::Service(from),
        })
    }

    /// The claims, if they were signed by us, for this service, for this request, and just now.
    pub fn verify(
        &self,
        header: &str,
        service: Service,
        method: &str,
        path: &str,
    ) -> Result<Identity, Refusal> {
        let (claims, signature) = header.split_once('.').ok_or(Refusal::Malformed)?;
        let signature = B64.decode(signature).map_err(|_| Refusal::Malformed)?;
        let signed_by = |key: &Hmac<Sha256>| {
            let mut mac = key.clone();
            mac.update(claims.as_bytes());
            mac.verify_slice(&signature).is_ok()
        };
        if !signed_by(&self.current) && !self.previous.as_ref().is_some_and(signed_by) {
            return Err(Refusal::Signature);
        }
        let claims = B64.decode(claims).map_err(|_| Refusal::Malformed)?;
        let identity: Identity = serde_json::from_slice(&claims).map_err(|_| Refusal::Malformed)?;
        let left = identity.exp - chrono::Utc::now().timestamp();
        if identity.aud != service {
            Err(Refusal::Audience)
        } else if identity.method != method || identity.path != path {
            Err(Refusal::Request)
        } else if !(0..=IDENTITY_LIFE_SECONDS + 5).contains(&left) {
            Err(Refusal::Expired)
        } else {
            Ok(identity)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(secret: &str) -> IdentityKeys {
        IdentityKeys::new(&IdentityConfig { secret: secret.into(), previous: None }).unwrap()
    }

    fn header() -> String {
        keys("one").sign_service_call(Service::Lead, Service::Tenant, "PUT", "/internal/x", "r")
    }

    #[test]
    fn a_signed_identity_is_accepted_for_its_own_request() {
        assert!(keys("one").verify(&header(), Service::Tenant, "PUT", "/internal/x").is_ok());
    }

    #[test]
    fn an_identity_is_refused_for_anything_else() {
        let keys = keys("one");
        let refusal = |service, method, path| keys.verify(&header(), service, method, path).unwrap_err();
        assert_eq!(refusal(Service::Auth, "PUT", "/internal/x"), Refusal::Audience);
        assert_eq!(refusal(Service::Tenant, "GET", "/internal/x"), Refusal::Request);
        assert_eq!(refusal(Service::Tenant, "PUT", "/internal/y"), Refusal::Request);
    }

    #[test]
    fn a_foreign_or_tampered_signature_is_refused() {
        assert_eq!(
            keys("two").verify(&header(), Service::Tenant, "PUT", "/internal/x").unwrap_err(),
            Refusal::Signature
        );
        let tampered = format!("A{}", header());
        assert_eq!(
            keys("one").verify(&tampered, Service::Tenant, "PUT", "/internal/x").unwrap_err(),
            Refusal::Signature
        );
    }

    #[test]
    fn the_previous_secret_is_accepted_during_a_rotation() {
        let rotated =
            IdentityKeys::new(&IdentityConfig { secret: "new".into(), previous: Some("one".into()) })
                .unwrap();
        assert!(rotated.verify(&header(), Service::Tenant, "PUT", "/internal/x").is_ok());
    }

    #[test]
    fn an_old_identity_is_refused() {
        let mut identity = keys("one").verify(&header(), Service::Tenant, "PUT", "/internal/x").unwrap();
        identity.exp = chrono::Utc::now().timestamp() - 1;
        let header = keys("one").sign(&identity);
        assert_eq!(
            keys("one").verify(&header, Service::Tenant, "PUT", "/internal/x").unwrap_err(),
            Refusal::Expired
        );
    }
}
