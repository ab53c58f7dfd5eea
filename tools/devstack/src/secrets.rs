//! The generated passwords and keys of one platform, made once and kept in `secrets.json`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use crate::layout::{read_json, write_json};
use crate::services::DATABASES;

/// Everything that must not be in a log, a process list or a repository.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// Password of PostgreSQL's superuser.
    pub postgres: String,
    /// Password of Redis.
    pub redis: String,
    /// One password per database, shared by its three roles: every process that has one has all three.
    pub databases: BTreeMap<String, String>,
    /// Signs the identity that the gateway passes on.
    pub identity: String,
    /// `<key id>:<base64 of 32 bytes>`, encrypts stored credentials.
    pub encryption: String,
    /// Password of the platform admin.
    pub platform_admin: String,
    /// Password of the demo tenant's admin.
    pub tenant_admin: String,
    /// The demo's API key. Kept from the moment it is made: no answer ever shows it again.
    pub demo_api_key: Option<String>,
}

impl Secrets {
    /// Reads the secrets, or makes and stores new ones.
    pub fn load_or_generate(path: &Path) -> Result<Self> {
        if let Some(secrets) = read_json(path)? {
            return Ok(secrets);
        }
        let secrets = Self::generate();
        secrets.save(path)?;
        Ok(secrets)
    }

    /// Stores the secrets, readable by their owner only.
    pub fn save(&self, path: &Path) -> Result<()> {
        write_json(path, self)
    }

    /// New secrets, kept nowhere.
    pub fn generate() -> Self {
        let databases = DATABASES.iter().map(|name| ((*name).to_owned(), password())).collect();
        Self {
            postgres: password(),
            redis: password(),
            databases,
            identity: format!("{}{}", password(), password()),
            encryption: format!("1:{}", BASE64_STANDARD.encode(rand::random::<[u8; 32]>())),
            platform_admin: password(),
            tenant_admin: password(),
            demo_api_key: None,
        }
    }
}

/// About 140 random bits as letters, digits and dashes: safe unquoted in URLs, shells and SQL, and with a
/// character of every class that a password policy may ask for.
pub fn password() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    loop {
        let text: String = (0..26)
            .map(|position| match position {
                8 | 17 => '-',
                _ => LETTERS.get(rand::random_range(0..LETTERS.len())).map_or('x', |byte| char::from(*byte)),
            })
            .collect();
        let has = |class: fn(&char) -> bool| text.chars().any(|c| class(&c));
        if has(char::is_ascii_digit) && has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase) {
            return text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_differ_and_need_no_quoting() {
        let (one, two) = (password(), password());

        assert_ne!(one, two);
        assert_eq!(one.len(), 26);
        assert!(one.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    }

    #[test]
    fn the_keys_have_the_promised_shape() {
        let secrets = Secrets::generate();

        let (id, key) = secrets.encryption.split_once(':').unwrap();
        assert_eq!(id, "1");
        assert_eq!(BASE64_STANDARD.decode(key).unwrap().len(), 32);
        assert!(secrets.identity.len() >= 32);
        assert_eq!(secrets.databases.len(), 5);
    }
}
