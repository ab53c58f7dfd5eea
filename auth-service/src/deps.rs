//! Dependencies of auth-service's handlers.

use std::{net::SocketAddr, sync::Arc};

use platform::{
    auth::seal::SealingKeys, client::Peers, command::Base, db::Db, provision::Provisioning, redis::Redis,
};
use url::Url;

use crate::{
    config::{Config, TokenLives},
    credentials::{Guard, Issuers, Passwords},
    mails::{MailLimits, Mailer},
    registrations,
    sessions::CookieProfile,
    tokens::{self, Issuer},
    turns::Turns,
};

/// The dependencies.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Redis.
    pub redis: Redis,
    /// The other services.
    pub peers: Peers,
    /// Seals what must not be readable at rest.
    pub sealing: SealingKeys,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Bounds how often passwords are guessed, hashed and asked for by mail.
    pub guard: Guard,
    /// Turns of registrations at looking their addresses up.
    pub registering: Turns,
    /// Signs access tokens.
    pub issuer: Issuer,
    /// How long tokens live.
    pub lives: TokenLives,
    /// How the cookie of browsers' sessions is set.
    pub cookie: CookieProfile,
    /// Whether only those may sign in who confirmed their address.
    pub demands_verified_email: bool,
    /// Other issuers that users may sign in with.
    pub issuers: Arc<Issuers>,
    /// Hands mails to a mail server, where there is one.
    pub mailer: Option<Mailer>,
    /// How many mails may go to an address and on behalf of a tenant.
    pub mail_limits: MailLimits,
    /// Where links in mails lead.
    pub links_url: Url,
    /// Where waiting mails can be read, in development.
    pub mailbox_addr: Option<SocketAddr>,
}

impl Deps {
    /// Makes them; the first process of a platform makes the signing key.
    ///
    /// # Errors
    /// When the database is away, the signing key cannot be opened or the mail server's address cannot be used.
    pub async fn open(config: &Config, base: Base) -> anyhow::Result<Self> {
        let sealing = SealingKeys::new(&config.encryption)?;
        let key = tokens::active_signing_key(&base.db, &sealing).await?;
        Ok(Self {
            db: base.db,
            redis: base.redis,
            peers: base.peers,
            sealing,
            passwords: Passwords::new()?,
            guard: Guard::new(config.sign_in.tries, config.sign_in.requests),
            registering: registrations::turns(),
            issuer: Issuer::new(key, config.lives.access),
            lives: config.lives,
            cookie: config.cookie,
            demands_verified_email: config.sign_in.demands_verified_email,
            issuers: Issuers::new(config.issuers.clone())?,
            mailer: Mailer::new(&config.mail)?,
            mail_limits: config.mail.limits,
            links_url: config.mail.links_url.clone(),
            mailbox_addr: config.mail.mailbox_addr,
        })
    }
}

impl Provisioning for Deps {
    fn db(&self) -> &Db {
        &self.db
    }
}
