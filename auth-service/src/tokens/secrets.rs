//! Texts that are given out once and kept as their hash: refresh tokens, tokens of mails, client secrets.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

const SECRET_BYTES: usize = 32;

/// SHA-256 of a secret's text: all that is kept of it.
pub type Fingerprint = [u8; 32];

/// A new secret.
pub struct Secret {
    /// Its text, for its holder only.
    pub text: String,
    /// What is kept of it.
    pub fingerprint: Fingerprint,
}

impl Secret {
    /// A random one. It starts with `prefix`, so that one that leaked is recognised and none is taken for another kind.
    pub fn generate(prefix: &str) -> Self {
        let secret: [u8; SECRET_BYTES] = rand::random();
        let text = format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(secret));
        let fingerprint = Sha256::digest(text.as_bytes()).into();
        Self { text, fingerprint }
    }
}

/// The fingerprint of a text that has the form of such a secret; none of another.
pub fn fingerprint(prefix: &str, text: &str) -> Option<Fingerprint> {
    let secret = BASE64_URL_SAFE_NO_PAD.decode(text.strip_prefix(prefix)?).ok()?;
    (secret.len() == SECRET_BYTES).then(|| Sha256::digest(text.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_by_its_own_kind_only() {
        let secret = Secret::generate("lsr_");

        assert_eq!(fingerprint("lsr_", &secret.text), Some(secret.fingerprint));
        assert_eq!(fingerprint("lsp_", &secret.text), None);
        assert_eq!(fingerprint("lsr_", &secret.text[..20]), None);
        assert_eq!(fingerprint("lsr_", ""), None);
    }

    #[test]
    fn no_two_secrets_are_alike() {
        assert_ne!(Secret::generate("x_").text, Secret::generate("x_").text);
    }
}
