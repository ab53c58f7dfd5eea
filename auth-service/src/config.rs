//! What auth-service is configured with.

use std::time::Duration;

use platform::{
    command::BaseConfig,
    config::{EncryptionConfig, Settings},
};

use crate::deps::SERVICE;

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// What every service has.
    pub base: BaseConfig,
    /// Keys that seal the private signing keys.
    pub encryption: EncryptionConfig,
    /// How long tokens live.
    pub lives: TokenLives,
}

/// How long tokens live, and how a refresh token presented twice is judged.
#[derive(Clone, Copy, Debug)]
pub struct TokenLives {
    /// Access tokens.
    pub access: Duration,
    /// Refresh tokens; each use starts anew.
    pub refresh: Duration,
    /// How long after its use a spent refresh token is refused without ending its session.
    pub reuse_grace: Duration,
}

impl Config {
    /// Reads the configuration.
    pub fn read(settings: &mut Settings) -> Self {
        Self {
            base: BaseConfig::read(settings, SERVICE),
            encryption: EncryptionConfig::read(settings),
            lives: TokenLives::read(settings),
        }
    }
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
        Self {
            access: Duration::from_secs(access.into()),
            refresh: Duration::from_secs(refresh.into()),
            reuse_grace: Duration::from_millis(grace.into()),
        }
    }
}
