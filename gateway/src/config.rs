//! The gateway's configuration.

use std::{net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use contracts::Service;
use ipnet::IpNet;
use platform::config::{HttpConfig, IdentityConfig, LogConfig, PeersConfig, RedisConfig, Settings};
use url::Url;

use crate::limits::gcra::Rate;

/// The port beside those of the services.
const INNER_PORT: u16 = 8006;

/// Configuration of the gateway.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// HTTP.
    pub http: HttpConfig,
    /// Where details of health and metrics are served: not to callers.
    pub inner_addr: SocketAddr,
    /// The address under which the platform is reached from outside. Its host names no tenant.
    pub public_url: Url,
    /// The services.
    pub peers: PeersConfig,
    /// Identity between processes.
    pub identity: IdentityConfig,
    /// Redis.
    pub redis: RedisConfig,
    /// Origins of other sites that may call the API; empty means none.
    pub cors_allowed_origins: Vec<Origin>,
    /// Peers with trusted `X-Forwarded-*` headers.
    pub trusted_proxies: Vec<IpNet>,
    /// How many requests are let through.
    pub limits: LimitsConfig,
    /// How services are spoken to.
    pub upstream: UpstreamConfig,
    /// The build of the web app; none where only the API is served.
    pub web_dir: Option<PathBuf>,
    /// How long cached users and access are served while auth-service or tenant-service is away.
    pub outage_grace: Duration,
    /// Log.
    pub log: LogConfig,
}

/// Requests per second; none where there is no limit.
#[derive(Clone, Copy, Debug)]
pub struct LimitsConfig {
    /// Of one client address.
    pub address: Option<Rate>,
    /// Of one person.
    pub user: Option<Rate>,
    /// With one API key.
    pub key: Option<Rate>,
    /// In one tenant.
    pub tenant: Option<Rate>,
}

/// How services are spoken to.
#[derive(Clone, Copy, Debug)]
pub struct UpstreamConfig {
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long a service may pause while it sends an answer.
    pub idle_timeout: Duration,
    /// Requests in flight per worker and service; more are shed.
    pub in_flight: usize,
    /// Failures in a row after which a service is left alone.
    pub breaker_failures: u32,
    /// For how long it is left alone before it is tried again.
    pub breaker_pause: Duration,
}

/// An origin as browsers send it: scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(pub String);

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let origin = Url::parse(text).map_err(|fault| fault.to_string())?.origin();
        let canonical = origin.ascii_serialization();
        if origin.is_tuple() && canonical == text.trim_end_matches('/') {
            Ok(Self(canonical))
        } else {
            Err("is not an origin such as https://app.example.org".to_owned())
        }
    }
}

impl GatewayConfig {
    /// The address under which the platform is reached from outside.
    pub fn public_url(settings: &mut Settings) -> Url {
        settings.with_default(
            "PUBLIC_URL",
            localhost(),
            "address under which the platform is reached from outside",
        )
    }

    /// Reads all sections.
    pub fn read(settings: &mut Settings) -> Self {
        let config = Self {
            http: HttpConfig::read(settings, Service::Gateway),
            inner_addr: settings.with_default(
                "GATEWAY_INNER_ADDR",
                SocketAddr::from(([127, 0, 0, 1], INNER_PORT)),
                "address and port of /metrics and the details of /health; not to be reached from outside",
            ),
            public_url: Self::public_url(settings),
            peers: PeersConfig::read(settings),
            identity: IdentityConfig::read(settings),
            redis: RedisConfig::read(settings),
            cors_allowed_origins: settings
                .list("CORS_ALLOWED_ORIGINS", "origins of other sites whose pages may call the API"),
            trusted_proxies: settings
                .list("TRUSTED_PROXIES", "networks of proxies with trusted X-Forwarded-* headers"),
            limits: LimitsConfig::read(settings),
            upstream: UpstreamConfig::read(settings),
            web_dir: settings.optional("WEB_DIR", "directory of the built web app, served at /app/; without it only the API is"),
            outage_grace: Duration::from_secs(settings.with_default(
                "OUTAGE_GRACE_SECONDS",
                60,
                "for how long known sessions and access go on while auth-service or tenant-service is away, in seconds",
            )),
            log: LogConfig::read(settings),
        };
        for service in Service::OWNERS_OF_DATA {
            if let Some(url) = config.peers.address(service)
                && (url.scheme() != "http" || url.path() != "/" || url.host_str().is_none())
            {
                settings.fault(format!("the address of {service} must be http://host[:port], not {url}"));
            }
        }
        config
    }
}

impl LimitsConfig {
    fn read(settings: &mut Settings) -> Self {
        let mut rate = |name, default, about| Rate::per_second(settings.with_default(name, default, about));
        Self {
            address: rate(
                "RATE_LIMIT_ADDRESS",
                200,
                "requests per second of one client address, twice that in a burst; 0: no limit",
            ),
            user: rate("RATE_LIMIT_USER", 100, "requests per second of one person; 0: no limit"),
            key: rate("RATE_LIMIT_KEY", 1_000, "requests per second with one API key; 0: no limit"),
            tenant: rate("RATE_LIMIT_TENANT", 2_000, "requests per second in one tenant; 0: no limit"),
        }
    }
}

impl UpstreamConfig {
    fn read(settings: &mut Settings) -> Self {
        let millis = |settings: &mut Settings, name, default: u64, about| {
            Duration::from_millis(settings.with_default(name, default, about))
        };
        Self {
            connect_timeout: millis(
                settings,
                "UPSTREAM_CONNECT_TIMEOUT_MS",
                1_000,
                "how long a connection to a service may take to be made, in milliseconds",
            ),
            idle_timeout: millis(
                settings,
                "UPSTREAM_IDLE_TIMEOUT_MS",
                60_000,
                "how long a service may pause while it sends an answer, in milliseconds",
            ),
            in_flight: settings.with_default(
                "UPSTREAM_IN_FLIGHT",
                1_024,
                "requests in flight per worker and service; more are answered 503",
            ),
            breaker_failures: settings.with_default(
                "BREAKER_FAILURES",
                5,
                "failures in a row after which a service is left alone for a while",
            ),
            breaker_pause: millis(
                settings,
                "BREAKER_PAUSE_MS",
                1_000,
                "how long a failing service is left alone before it is tried again, in milliseconds",
            ),
        }
    }
}

fn localhost() -> Url {
    #[expect(clippy::unwrap_used, reason = "a constant that parses")]
    "http://localhost:8000".parse().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        pairs: &'static [(&'static str, &'static str)],
    ) -> Result<GatewayConfig, platform::config::Faults> {
        let mut settings = Settings::from_lookup(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            found.or_else(|| (name == "IDENTITY_SECRET").then(|| "s".repeat(32)))
        });
        let config = GatewayConfig::read(&mut settings);
        settings.finish(config)
    }

    #[test]
    fn only_the_secret_must_be_given() {
        let config = read(&[]).unwrap();
        assert_eq!(config.http.addr.port(), 8000);
        assert!(config.inner_addr.ip().is_loopback() && config.inner_addr.port() == 8006);
        assert!(config.cors_allowed_origins.is_empty() && config.trusted_proxies.is_empty());
        assert_eq!(config.limits.address.unwrap().burst(), 400);
    }

    #[test]
    fn a_limit_of_zero_is_no_limit() {
        assert!(read(&[("RATE_LIMIT_USER", "0")]).unwrap().limits.user.is_none());
    }

    #[test]
    fn origins_networks_and_addresses_are_checked() {
        assert!(read(&[("CORS_ALLOWED_ORIGINS", "https://app.example.org, http://localhost:3000")]).is_ok());
        assert!(read(&[("CORS_ALLOWED_ORIGINS", "https://app.example.org/path")]).is_err());
        assert!(read(&[("CORS_ALLOWED_ORIGINS", "*")]).is_err());
        assert!(read(&[("TRUSTED_PROXIES", "10.0.0.0/33")]).is_err());
        assert!(read(&[("LEAD_URL", "https://lead:1")]).is_err());
        assert!(read(&[("LEAD_URL", "http://lead:1/base")]).is_err());
    }
}
