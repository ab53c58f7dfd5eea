//! Makes Ed25519 keys.

use jsonwebtoken::{
    Algorithm, EncodingKey,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use platform::Problem;
use serde_json::Value;

/// What precedes the 32 secret bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7).
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// A key that was just made.
pub struct NewSigningKey {
    /// Thumbprint of the public half (RFC 7638).
    pub kid: String,
    /// The private half as PKCS#8.
    pub pkcs8: Vec<u8>,
    /// The public half as a JWK (RFC 8037).
    pub public_jwk: Value,
}

impl NewSigningKey {
    /// A random key.
    ///
    /// # Errors
    /// 500 when the cryptographic library refuses it.
    pub fn generate() -> Result<Self, Problem> {
        let refused = |error| Problem::internal(format!("a signing key could not be made: {error}"));
        let secret: [u8; 32] = rand::random();
        let pkcs8 = [&PKCS8_PREFIX[..], &secret].concat();
        let mut jwk =
            Jwk::from_encoding_key(&EncodingKey::from_ed_der(&pkcs8), Algorithm::EdDSA).map_err(refused)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(refused)?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let public_jwk = serde_json::to_value(&jwk).map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Self { kid, pkcs8, public_jwk })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_says_what_it_is_for_and_keeps_its_private_half_to_itself() {
        let key = NewSigningKey::generate().unwrap();

        let members = key.public_jwk.as_object().unwrap();
        assert_eq!(members["kty"], "OKP");
        assert_eq!(members["crv"], "Ed25519");
        assert_eq!(members["alg"], "EdDSA");
        assert_eq!(members["use"], "sig");
        assert_eq!(members["kid"], key.kid.as_str());
        assert!(!members.contains_key("d"));
    }

    #[test]
    fn no_two_keys_are_alike() {
        assert_ne!(NewSigningKey::generate().unwrap().kid, NewSigningKey::generate().unwrap().kid);
    }
}
