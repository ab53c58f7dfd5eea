//! Credentials at rest: sealed for their row.

use contracts::TenantId;
use platform::{Problem, auth::seal::SealingKeys};
use serde_json::{Map, Value};
use uuid::Uuid;

/// Seals them.
///
/// # Errors
/// When they cannot be written as JSON.
pub fn seal(
    keys: &SealingKeys,
    credentials: &Map<String, Value>,
    tenant: TenantId,
    provider: Uuid,
) -> Result<Vec<u8>, Problem> {
    let text = serde_json::to_vec(credentials).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(keys.seal(&text, &context(tenant, provider)))
}

/// Opens them.
///
/// # Errors
/// When they were sealed for another row or their key is gone.
pub fn open(
    keys: &SealingKeys,
    sealed: Option<&[u8]>,
    tenant: TenantId,
    provider: Uuid,
) -> Result<Map<String, Value>, Problem> {
    let Some(sealed) = sealed else { return Ok(Map::new()) };
    let text = keys
        .open(sealed, &context(tenant, provider))
        .map_err(|error| Problem::internal(format!("provider {provider}: {error}")))?;
    serde_json::from_slice(&text).map_err(|error| Problem::internal(error.to_string()))
}

fn context(tenant: TenantId, provider: Uuid) -> String {
    format!("enrichment_providers/{tenant}/{provider}")
}
