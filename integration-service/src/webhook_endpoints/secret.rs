//! Signing key of an endpoint: `whsec_` and base64, encrypted for its row.

use base64::{Engine, prelude::BASE64_STANDARD};
use contracts::TenantId;
use platform::auth::seal::{DoesNotOpen, SealingKeys};
use secrecy::{ExposeSecret, SecretSlice};
use uuid::Uuid;

const PREFIX: &str = "whsec_";
/// Standard Webhooks requires 24 to 64 bytes.
const LENGTH: usize = 32;

/// An endpoint's secret.
#[derive(Clone, Debug)]
pub struct Secret(SecretSlice<u8>);

impl Secret {
    /// New random secret.
    pub fn generate() -> Self {
        Self::from_bytes(rand::random::<[u8; LENGTH]>().to_vec())
    }

    /// The secret of these bytes.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    /// Text form for the endpoint's owner.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", BASE64_STANDARD.encode(self.bytes()))
    }

    /// The key.
    pub fn bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }

    /// Encrypts it for storage in this endpoint's row.
    pub fn seal(&self, keys: &SealingKeys, tenant: TenantId, endpoint: Uuid) -> Vec<u8> {
        keys.seal(self.bytes(), &context(tenant, endpoint))
    }

    /// Decrypts a stored one.
    ///
    /// # Errors
    /// When it was encrypted for another row or its key is not configured.
    pub fn open(
        keys: &SealingKeys,
        sealed: &[u8],
        tenant: TenantId,
        endpoint: Uuid,
    ) -> Result<Self, DoesNotOpen> {
        keys.open(sealed, &context(tenant, endpoint)).map(Self::from_bytes)
    }
}

fn context(tenant: TenantId, endpoint: Uuid) -> String {
    format!("webhook_endpoints/{tenant}/{endpoint}")
}
