//! Credentials at rest: AES-256-GCM, bound to the row they belong to.
//!
//! Ciphertext is `key id (1 byte) · nonce (12 bytes) · sealed text`. The context, such as tenant and row id, is
//! authenticated, so that a ciphertext copied to another row does not open.

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use secrecy::ExposeSecret;

use crate::config::EncryptionConfig;

const NONCE_LENGTH: usize = 12;

/// Seals with the first key, opens with any.
#[derive(Clone)]
pub struct SealingKeys(Vec<(u8, Aes256Gcm)>);

/// A ciphertext that does not open: tampered with, moved to another row, or its key is gone.
#[derive(Debug, thiserror::Error)]
#[error("a stored credential does not open with any configured key")]
pub struct DoesNotOpen;

impl SealingKeys {
    /// Keys from the configuration.
    pub fn new(config: &EncryptionConfig) -> anyhow::Result<Self> {
        let mut keys = Vec::new();
        for key in &config.keys {
            let Some((id, bytes)) = key.expose_secret().split_once(':') else {
                anyhow::bail!("ENCRYPTION_KEY is not of the form `<id>:<base64>`");
            };
            let bytes = BASE64_STANDARD.decode(bytes.trim())?;
            let cipher = Aes256Gcm::new_from_slice(&bytes)
                .map_err(|_| anyhow::anyhow!("ENCRYPTION_KEY {id} is not 32 bytes long"))?;
            let id = id
                .trim()
                .parse()
                .map_err(|_| anyhow::anyhow!("ENCRYPTION_KEY: {id:?} is no key id from 0 to 255"))?;
            keys.push((id, cipher));
        }
        anyhow::ensure!(!keys.is_empty(), "ENCRYPTION_KEY names no key");
        Ok(Self(keys))
    }

    /// Seals `text` for the row named by `context`.
    pub fn seal(&self, text: &[u8], context: &str) -> Vec<u8> {
        let Some((id, cipher)) = self.0.first() else { return Vec::new() };
        [&[*id][..], &seal_with(cipher, text, context)].concat()
    }

    /// The same sealed with the key that seals now; none where it is so already.
    pub fn resealed(&self, sealed: &[u8], context: &str) -> Result<Option<Vec<u8>>, DoesNotOpen> {
        if sealed.first() == self.0.first().map(|(id, _)| id) {
            return Ok(None);
        }
        Ok(Some(self.seal(&self.open(sealed, context)?, context)))
    }

    /// Opens what was sealed for the row named by `context`.
    pub fn open(&self, sealed: &[u8], context: &str) -> Result<Vec<u8>, DoesNotOpen> {
        let (id, rest) = sealed.split_first().ok_or(DoesNotOpen)?;
        let (_, cipher) = self.0.iter().find(|(key, _)| key == id).ok_or(DoesNotOpen)?;
        open_with(cipher, rest, context)
    }
}

/// A key for one thing alone, made from what only its owner knows.
pub struct OwnKey(Aes256Gcm);

impl OwnKey {
    /// The key that these 32 bytes make.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Aes256Gcm::new(&bytes.into()))
    }

    /// Seals `text` for the row named by `context`.
    pub fn seal(&self, text: &[u8], context: &str) -> Vec<u8> {
        seal_with(&self.0, text, context)
    }

    /// Opens what was sealed for the row named by `context`.
    pub fn open(&self, sealed: &[u8], context: &str) -> Result<Vec<u8>, DoesNotOpen> {
        open_with(&self.0, sealed, context)
    }
}

fn seal_with(cipher: &Aes256Gcm, text: &[u8], context: &str) -> Vec<u8> {
    let nonce: [u8; NONCE_LENGTH] = rand::random();
    let payload = Payload { msg: text, aad: context.as_bytes() };
    let sealed = cipher.encrypt(&Nonce::from(nonce), payload).unwrap_or_default();
    [&nonce[..], &sealed].concat()
}

fn open_with(cipher: &Aes256Gcm, sealed: &[u8], context: &str) -> Result<Vec<u8>, DoesNotOpen> {
    let (nonce, text) = sealed.split_at_checked(NONCE_LENGTH).ok_or(DoesNotOpen)?;
    let nonce: [u8; NONCE_LENGTH] = nonce.try_into().map_err(|_| DoesNotOpen)?;
    let payload = Payload { msg: text, aad: context.as_bytes() };
    cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| DoesNotOpen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(texts: &[&str]) -> SealingKeys {
        SealingKeys::new(&EncryptionConfig { keys: texts.iter().map(|&t| t.into()).collect() }).unwrap()
    }

    const ONE: &str = "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const TWO: &str = "2:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    #[test]
    fn what_was_sealed_opens_for_its_own_row_only() {
        let sealed = keys(&[ONE]).seal(b"secret", "tenant/row");
        assert_eq!(keys(&[ONE]).open(&sealed, "tenant/row").unwrap(), b"secret");
        assert!(keys(&[ONE]).open(&sealed, "other/row").is_err());
    }

    #[test]
    fn an_older_key_still_opens_after_a_rotation() {
        let sealed = keys(&[ONE]).seal(b"secret", "row");
        assert_eq!(keys(&[TWO, ONE]).open(&sealed, "row").unwrap(), b"secret");
        assert!(keys(&[TWO]).open(&sealed, "row").is_err());
    }

    #[test]
    fn what_an_older_key_sealed_is_sealed_anew_and_opens_without_it() {
        let sealed = keys(&[ONE]).seal(b"secret", "row");
        let rotated = keys(&[TWO, ONE]);
        let resealed = rotated.resealed(&sealed, "row").unwrap().unwrap();
        assert_eq!(keys(&[TWO]).open(&resealed, "row").unwrap(), b"secret");
        assert!(rotated.resealed(&resealed, "row").unwrap().is_none());
        assert!(keys(&[TWO]).resealed(&sealed, "row").is_err());
    }

    #[test]
    fn a_tampered_or_truncated_ciphertext_does_not_open() {
        let mut sealed = keys(&[ONE]).seal(b"secret", "row");
        assert!(keys(&[ONE]).open(&sealed[..5], "row").is_err());
        *sealed.last_mut().unwrap() ^= 1;
        assert!(keys(&[ONE]).open(&sealed, "row").is_err());
        assert!(keys(&[ONE]).open(&[], "row").is_err());
    }
}
