//! What auth-service's handlers ask for.

use contracts::Service;
use platform::{
    auth::seal::SealingKeys, client::Peers, command::Base, db::Db, provision::Provisioning, redis::Redis,
};

use crate::{
    access_tokens::Issuer,
    config::{Config, TokenLives},
    passwords::Passwords,
    signing_keys,
};

/// Which service this is.
pub const SERVICE: Service = Service::Auth;

/// The dependencies.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Redis.
    pub redis: Redis,
    /// The other services.
    pub peers: Peers,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Signs access tokens.
    pub issuer: Issuer,
    /// How long tokens live.
    pub lives: TokenLives,
}

impl Deps {
    /// Makes them; the first process of a platform makes the signing key.
    ///
    /// # Errors
    /// When the database is away or the signing key cannot be opened.
    pub async fn open(config: &Config, base: Base) -> anyhow::Result<Self> {
        let sealing = SealingKeys::new(&config.encryption)?;
        let key = signing_keys::active(&base.db, &sealing).await?;
        Ok(Self {
            db: base.db,
            redis: base.redis,
            peers: base.peers,
            passwords: Passwords::new()?,
            issuer: Issuer::new(key, config.lives.access),
            lives: config.lives,
        })
    }
}

impl Provisioning for Deps {
    fn db(&self) -> &Db {
        &self.db
    }
}
