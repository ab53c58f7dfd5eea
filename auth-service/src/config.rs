//! Configuration of auth-service.

use std::{net::SocketAddr, time::Duration};

use contracts::Service;
use lettre::message::Mailbox;
use platform::{
    addresses::AddressConfig,
    command::BaseConfig,
    config::{EncryptionConfig, Settings},
};
use secrecy::SecretString;
use url::Url;

use crate::{
    credentials::{Tries, TrustedIssuer},
    mails::MailLimits,
    sessions::CookieProfile,
};

/// How long after its issue another issuer's token is taken at most.
pub const FOREIGN_TOKEN_LIFE: Duration = Duration::from_secs(60 * 60);

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// What every service has.
    pub base: BaseConfig,
    /// Keys that seal the private signing keys.
    pub encryption: EncryptionConfig,
    /// How long tokens live.
    pub lives: TokenLives,
    /// How mails leave.
    pub mail: MailConfig,
    /// Who may sign in, and how often a password may be tried.
    pub sign_in: SignInConfig,
    /// How the cookie of browsers' sessions is set.
    pub cookie: CookieProfile,
    /// Other issuers that users may sign in with.
    pub issuers: Vec<TrustedIssuer>,
}

/// How mails leave, and where their links lead.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// The mail server; without one mails wait.
    pub smtp_url: Option<SecretString>,
    /// Who they are from.
    pub from: Mailbox,
    /// How many may go to an address and on behalf of a tenant.
    pub limits: MailLimits,
    /// Base address of links in mails: the platform's own, or that of another front end.
    pub links_url: Url,
    /// Where queued mails can be read on this machine; for development.
    pub mailbox_addr: Option<SocketAddr>,
}

/// Who may sign in, and how often a password may be tried.
#[derive(Clone, Copy, Debug)]
pub struct SignInConfig {
    /// Only those who proved that their address is theirs.
    pub demands_verified_email: bool,
    /// Wrong passwords that are free.
    pub tries: Tries,
    /// Requests that are free, of those that cost a hash or send a mail.
    pub requests: Tries,
}

/// How long tokens live, and how a refresh token presented twice is judged.
#[derive(Clone, Copy, Debug)]
pub struct TokenLives {
    /// Access tokens.
    pub access: Duration,
    /// Whatever the gateway takes, tokens of other issuers included: revocations are remembered for as long.
    pub revocable: Duration,
    /// Lifetime of refresh tokens, counted from the last use.
    pub refresh: Duration,
    /// How long after its use a spent refresh token is refused without ending its session.
    pub reuse_grace: Duration,
}

impl Config {
    /// Reads the configuration.
    pub fn read(settings: &mut Settings) -> Self {
        Self {
            base: BaseConfig::read(settings, Service::Auth),
            encryption: EncryptionConfig::read(settings),
            lives: TokenLives::read(settings),
            mail: MailConfig::read(settings),
            sign_in: SignInConfig::read(settings),
            cookie: settings.with_default(
                "SESSION_COOKIE",
                CookieProfile::Secure,
                "how the cookie of browsers' sessions is set: secure, or development for a platform on one's own machine \
                 without HTTPS",
            ),
            issuers: TrustedIssuer::read(settings),
        }
    }
}

impl MailConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        let mailbox_addr: Option<SocketAddr> = settings.optional(
            "MAILBOX_ADDR",
            "loopback address where waiting mails can be read by anybody on this machine; for development only",
        );
        if let Some(addr) = mailbox_addr.filter(|addr| !addr.ip().is_loopback()) {
            settings.fault(format!(
                "MAILBOX_ADDR: {addr} is not a loopback address; it would show mails to others"
            ));
        }
        Self {
            smtp_url: settings.optional_secret(
                "SMTP_URL",
                "mail server, smtps://user:password@host or smtp://host:587?tls=required; mails wait while not set",
            ),
            from: settings.with_default("MAIL_FROM", no_reply(), "sender of mails"),
            limits: MailLimits {
                per_address_and_hour: settings.with_default(
                    "MAILS_PER_ADDRESS_AND_HOUR",
                    20,
                    "mails to one address within an hour, whoever sends them; tenants may use half of them",
                ),
                per_address_and_day: settings.with_default(
                    "MAILS_PER_ADDRESS_AND_DAY",
                    60,
                    "mails to one address within a day, whoever sends them; tenants may use half of them",
                ),
                per_tenant_and_day: settings.with_default(
                    "MAILS_PER_TENANT_AND_DAY",
                    200,
                    "mails on behalf of one tenant within a day",
                ),
            },
            links_url: AddressConfig::read(settings).links_url,
            mailbox_addr,
        }
    }
}

impl SignInConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        let mut free = |name, default, about| settings.with_default(name, default, about);
        let tries = Tries {
            pair: free(
                "SIGN_IN_TRIES",
                10,
                "wrong passwords of one account from one address that are free within an hour; 0: no limit",
            ),
            account: free(
                "SIGN_IN_TRIES_PER_ACCOUNT",
                100,
                "the same of one account from all addresses it was not used from before",
            ),
            address: free(
                "SIGN_IN_TRIES_PER_ADDRESS",
                300,
                "the same from one address, of all accounts not used from it before",
            ),
        };
        let requests = Tries {
            pair: free(
                "ACCOUNT_REQUESTS",
                30,
                "registrations, links by mail and changes of a password for one account from one address that are free \
                 within an hour; 0: no limit",
            ),
            account: free(
                "ACCOUNT_REQUESTS_PER_ACCOUNT",
                100,
                "the same for one account from all addresses it was not used from before",
            ),
            address: free(
                "ACCOUNT_REQUESTS_PER_ADDRESS",
                300,
                "the same from one address, for all accounts not used from it before",
            ),
        };
        Self {
            demands_verified_email: settings.with_default(
                "REQUIRE_VERIFIED_EMAIL",
                false,
                "whether only those may sign in who confirmed their e-mail address",
            ),
            tries,
            requests,
        }
    }
}

fn no_reply() -> Mailbox {
    #[expect(clippy::unwrap_used, reason = "a constant that parses")]
    "Leadstream <no-reply@localhost>".parse().unwrap()
}

impl TokenLives {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        let access: u32 = settings.with_default(
            "ACCESS_TOKEN_LIFE_SECONDS",
            15 * 60,
            "how long an access token is good for, in seconds",
        );
        let refresh: u32 = settings.with_default(
            "REFRESH_TOKEN_LIFE_SECONDS",
            7 * 24 * 60 * 60,
            "how long a refresh token is good for, in seconds; each use starts anew",
        );
        let grace: u32 = settings.with_default(
            "REFRESH_REUSE_GRACE_MS",
            0,
            "how long after its use a refresh token that comes again is refused without ending the session, in milliseconds",
        );
        if access == 0 || refresh < access {
            settings.fault(format!(
                "ACCESS_TOKEN_LIFE_SECONDS ({access}) must be at least 1 and at most REFRESH_TOKEN_LIFE_SECONDS ({refresh})"
            ));
        }
        let access = Duration::from_secs(access.into());
        Self {
            access,
            revocable: access.max(FOREIGN_TOKEN_LIFE),
            refresh: Duration::from_secs(refresh.into()),
            reuse_grace: Duration::from_millis(grace.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(name: &'static str, value: &'static str) -> bool {
        let mut settings = Settings::from_lookup(move |asked| (asked == name).then(|| value.to_owned()));
        let config = MailConfig::read(&mut settings);
        settings.finish(config).is_err()
    }

    #[test]
    fn a_mailbox_is_for_this_machine_only() {
        assert!(!faults("MAILBOX_ADDR", "127.0.0.1:8100"));
        assert!(!faults("MAILBOX_ADDR", "[::1]:8100"));
        assert!(faults("MAILBOX_ADDR", "0.0.0.0:8100"));
        assert!(faults("MAILBOX_ADDR", "10.0.0.7:8100"));
    }

    #[test]
    fn a_sender_must_be_an_address() {
        assert!(!faults("MAIL_FROM", "Acme <mail@acme.example>"));
        assert!(faults("MAIL_FROM", "Acme"));
    }
}
