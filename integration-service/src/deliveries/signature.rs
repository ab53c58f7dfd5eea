//! Signatures by Standard Webhooks: `v1,` and base64 of an HMAC-SHA-256 over id, time and body.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, digest::InvalidLength};

use crate::webhook_endpoints::secret::Secret;

/// The `webhook-signature` of a message: one signature for each secret, a space between them.
///
/// # Errors
/// When a secret is not a valid key.
pub fn sign(secrets: &[Secret], id: &str, timestamp: i64, body: &[u8]) -> Result<String, InvalidLength> {
    let one = |secret: &Secret| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes())?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        Ok(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
    };
    let signatures: Vec<String> = secrets.iter().map(one).collect::<Result<_, _>>()?;
    Ok(signatures.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::from_bytes(BASE64_STANDARD.decode(text).unwrap())
    }

    /// The example of the reference implementations.
    #[test]
    fn the_known_example_is_signed_as_known() {
        let secrets = [secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];

        let signed =
            sign(&secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#)
                .unwrap();

        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn each_valid_secret_signs() {
        let secrets = [secret("AAAA"), secret("BBBB")];
        let signed = sign(&secrets, "id", 1, b"{}").unwrap();
        let alone: Vec<String> =
            secrets.iter().map(|one| sign(std::slice::from_ref(one), "id", 1, b"{}").unwrap()).collect();
        assert_eq!(signed, alone.join(" "));
    }
}
