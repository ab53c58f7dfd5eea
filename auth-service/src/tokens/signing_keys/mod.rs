//! Keys that access tokens are signed with, and the public key set to verify them.

mod api;
pub mod domain;
mod handlers;
pub mod store;

use anyhow::Context;
use jsonwebtoken::EncodingKey;
use platform::{
    Problem,
    auth::seal::SealingKeys,
    db::{Db, GlobalTx},
    http::Routes,
};

use domain::NewSigningKey;
use store::SigningKeyRow;

/// The key that signs.
#[derive(Clone)]
pub struct SigningKey {
    /// Its id, in every token's header.
    pub kid: String,
    /// The private half.
    pub private: EncodingKey,
}

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Authentication")
        .get(contracts::access_tokens::JWKS_PATH, "Get the keys that verify access tokens", handlers::jwks)
        .named("get_jwks")
        .about("A JSON Web Key Set (RFC 7517).")
}

/// The active key. The first process to ask makes it; others that ask at the same time wait and get the same one.
///
/// # Errors
/// When the database is away, or when the key was sealed with an encryption key that is gone.
pub async fn active(db: &Db, sealing: &SealingKeys) -> anyhow::Result<SigningKey> {
    let row = db
        .in_global(async |tx| {
            if let Some(row) = store::find_active(tx).await? {
                return Ok(row);
            }
            store::lock(tx).await?;
            if let Some(row) = store::find_active(tx).await? {
                return Ok(row);
            }
            let new = NewSigningKey::generate()?;
            let sealed = sealing.seal(&new.pkcs8, &sealed_for(&new.kid));
            let row = store::insert(tx, &new, &sealed).await?;
            tracing::info!(key.id = row.kid, "a signing key was made");
            Ok::<_, Problem>(row)
        })
        .await?;
    open(row, sealing)
}

/// The active key, if it is another than `known`: one that another process made active.
///
/// # Errors
/// As [`active`].
pub async fn newer(db: &Db, sealing: &SealingKeys, known: &str) -> anyhow::Result<Option<SigningKey>> {
    let row = db.in_global(async |tx| store::find_active(tx).await.map_err(Problem::from)).await?;
    row.filter(|row| row.kid != known).map(|row| open(row, sealing)).transpose()
}

/// Makes a new key the active one, and the one before it a key that only verifies. Returns the new key's id.
///
/// # Errors
/// 503 when the database is away.
pub async fn replace(tx: &mut GlobalTx<'_>, sealing: &SealingKeys) -> Result<String, Problem> {
    let new = NewSigningKey::generate()?;
    let sealed = sealing.seal(&new.pkcs8, &sealed_for(&new.kid));
    store::lock(tx).await?;
    store::retire_active(tx).await?;
    store::insert(tx, &new, &sealed).await?;
    Ok(new.kid)
}

/// Seals private keys again that were sealed with an older encryption key. Returns their number.
///
/// # Errors
/// 500 when one does not open.
pub async fn reseal(tx: &mut GlobalTx<'_>, sealing: &SealingKeys) -> Result<usize, Problem> {
    store::lock(tx).await?;
    let mut done = 0;
    for row in store::all(tx).await? {
        let resealed = sealing.resealed(&row.private_key, &sealed_for(&row.kid));
        if let Some(sealed) = resealed.map_err(|error| Problem::internal(error.to_string()))? {
            store::set_private_key(tx, &row.kid, &sealed).await?;
            done += 1;
        }
    }
    Ok(done)
}

fn open(row: SigningKeyRow, sealing: &SealingKeys) -> anyhow::Result<SigningKey> {
    let pkcs8 = sealing
        .open(&row.private_key, &sealed_for(&row.kid))
        .with_context(|| format!("signing key {} does not open: was ENCRYPTION_KEY changed?", row.kid))?;
    Ok(SigningKey { kid: row.kid, private: EncodingKey::from_ed_der(&pkcs8) })
}

fn sealed_for(kid: &str) -> String {
    format!("signing_keys/{kid}")
}
