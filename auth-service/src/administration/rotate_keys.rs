//! `rotate-keys`: a new signing key becomes active, the old one retires, and everything sealed is sealed again with the
//! first of the configured encryption keys. Sessions go on, and no process has to be stopped.

use std::io::Write;

use anyhow::Context;
use platform::{
    Problem,
    auth::seal::SealingKeys,
    command::{App, PLATFORM_MIGRATIONS},
    config::{DatabaseConfig, EncryptionConfig, Settings},
    db::{Db, migrate},
};

use crate::{Auth, credentials, mails, tokens};

/// Rotates keys. Sessions go on.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct RotateKeys {
    /// Keep the signing key; only seal everything again with the first of the encryption keys.
    #[arg(long)]
    pub reseal_only: bool,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Id of the new signing key, if one was made.
    pub kid: Option<String>,
    /// Number of stored secrets that were sealed again.
    pub resealed: usize,
}

impl RotateKeys {
    /// Needs the settings of the database and the encryption keys. Running processes take the new key up by themselves.
    ///
    /// # Errors
    /// A sentence on what was wrong; what was done until then stands and is not done twice.
    pub async fn run(self) -> anyhow::Result<()> {
        let mut settings = Settings::from_env();
        let (database, encryption) =
            (DatabaseConfig::read(&mut settings), EncryptionConfig::read(&mut settings));
        let (database, encryption) = settings.finish((database, encryption))?;
        if let Some(owner) = &database.owner_url {
            for migrations in [PLATFORM_MIGRATIONS, Auth::MIGRATIONS] {
                migrate::run(Auth::SERVICE, owner, migrations).await?;
            }
        }
        let done =
            self.rotate(&Db::open(Auth::SERVICE, &database, 1), &SealingKeys::new(&encryption)?).await?;
        let mut out = std::io::stdout();
        if let Some(kid) = done.kid {
            writeln!(out, "{kid} signs from now on")?;
        }
        writeln!(out, "{} stored secrets were sealed anew", done.resealed)?;
        Ok(())
    }

    /// Does so in `db`.
    ///
    /// # Errors
    /// As [`RotateKeys::run`].
    pub async fn rotate(self, db: &Db, sealing: &SealingKeys) -> anyhow::Result<Rotated> {
        let resealed = reseal(db, sealing).await.context("not everything could be sealed anew")?;
        if self.reseal_only {
            return Ok(Rotated { kid: None, resealed });
        }
        let kid = db.in_global(async |tx| tokens::replace_signing_key(tx, sealing).await).await?;
        tracing::info!(key.id = kid, "a new signing key is active");
        Ok(Rotated { kid: Some(kid), resealed })
    }
}

async fn reseal(db: &Db, sealing: &SealingKeys) -> Result<usize, Problem> {
    let stored = db
        .in_global(async |tx| {
            let mut stored = tokens::reseal_signing_keys(tx, sealing).await?;
            stored += credentials::reseal_second_factors(tx, sealing).await?;
            Ok::<_, Problem>(stored)
        })
        .await?;
    let mails = db.in_system(async |tx| mails::reseal(tx, sealing).await).await?;
    Ok(stored + mails)
}
