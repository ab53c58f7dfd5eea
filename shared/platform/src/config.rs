//! Configuration from the environment: typed, every fault reported at once, every setting documented where it is read.

use std::{fmt::Display, net::SocketAddr, str::FromStr, time::Duration};

use contracts::Service;
use secrecy::{ExposeSecret, SecretString};

type Lookup = Box<dyn Fn(&str) -> Option<String>>;

/// Reads settings one by one and remembers what was wrong and what each one means.
pub struct Settings {
    lookup: Lookup,
    faults: Vec<String>,
    reference: Vec<Setting>,
}

/// One documented setting.
pub struct Setting {
    /// Name of the environment variable.
    pub name: &'static str,
    /// The default as text; none when it must be given.
    pub default: Option<String>,
    /// What it does.
    pub about: &'static str,
}

/// Everything that was wrong with the configuration.
#[derive(Debug, thiserror::Error)]
#[error("the configuration has faults:\n  {}", .0.join("\n  "))]
pub struct Faults(pub Vec<String>);

impl Settings {
    /// Settings from the process's environment.
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn from_env() -> Self {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Settings from any source, for tests.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self { lookup: Box::new(lookup), faults: Vec::new(), reference: Vec::new() }
    }

    /// A setting with a default.
    pub fn with_default<T>(&mut self, name: &'static str, default: T, about: &'static str) -> T
    where
        T: FromStr<Err: Display> + ToString,
    {
        self.reference.push(Setting { name, default: Some(default.to_string()), about });
        self.parsed(name).unwrap_or(default)
    }

    /// A setting that may be absent.
    pub fn optional<T: FromStr<Err: Display>>(
        &mut self,
        name: &'static str,
        about: &'static str,
    ) -> Option<T> {
        self.reference.push(Setting { name, default: Some("not set".into()), about });
        self.parsed(name)
    }

    /// A comma-separated setting, empty by default.
    pub fn list<T: FromStr<Err: Display>>(&mut self, name: &'static str, about: &'static str) -> Vec<T> {
        self.reference.push(Setting { name, default: Some("empty".into()), about });
        let text = (self.lookup)(name).unwrap_or_default();
        let mut values = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part.parse() {
                Ok(value) => values.push(value),
                Err(fault) => self.faults.push(format!("{name}: {part:?}: {fault}")),
            }
        }
        values
    }

    /// A secret that must be given and be at least `min_length` bytes long. Its text is never repeated in a fault.
    pub fn secret(&mut self, name: &'static str, min_length: usize, about: &'static str) -> SecretString {
        self.reference.push(Setting { name, default: None, about });
        let value = (self.lookup)(name).unwrap_or_default();
        if value.is_empty() {
            self.faults.push(format!("{name} is not set: {about}"));
        } else if value.len() < min_length {
            self.faults.push(format!("{name} is shorter than {min_length} bytes"));
        }
        SecretString::from(value)
    }

    /// A secret that may be absent.
    pub fn optional_secret(&mut self, name: &'static str, about: &'static str) -> Option<SecretString> {
        self.reference.push(Setting { name, default: Some("not set".into()), about });
        (self.lookup)(name).filter(|value| !value.is_empty()).map(SecretString::from)
    }

    /// Adds a fault that only became visible after reading, such as two settings that contradict each other.
    pub fn fault(&mut self, sentence: String) {
        self.faults.push(sentence);
    }

    /// The value, or every fault found so far.
    pub fn finish<T>(self, value: T) -> Result<T, Faults> {
        if self.faults.is_empty() { Ok(value) } else { Err(Faults(self.faults)) }
    }

    /// What has been read, in order.
    pub fn reference(&self) -> &[Setting] {
        &self.reference
    }

    fn parsed<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        let text = (self.lookup)(name).filter(|text| !text.trim().is_empty())?;
        match text.trim().parse() {
            Ok(value) => Some(value),
            Err(fault) => {
                self.faults.push(format!("{name}: {text:?}: {fault}"));
                None
            }
        }
    }
}

/// Where and how the process serves HTTP.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// Address to listen on.
    pub addr: SocketAddr,
    /// Worker threads.
    pub workers: usize,
    /// Largest body taken unless a route says otherwise, in bytes.
    pub body_limit: usize,
    /// How long a body may take to arrive.
    pub body_deadline: Duration,
    /// How long a request may take in all.
    pub request_deadline: Duration,
    /// For how long a process that was asked to leave still takes requests.
    pub drain: Duration,
}

impl HttpConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings, service: Service) -> Self {
        let addr = SocketAddr::from(([127, 0, 0, 1], service.default_port()));
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            addr: settings.with_default("HTTP_ADDR", addr, "address and port to listen on"),
            workers: settings.with_default(
                "HTTP_WORKERS",
                cores,
                "HTTP worker threads; default: one per core",
            ),
            body_limit: settings.with_default("HTTP_BODY_LIMIT", 1 << 20, "largest request body in bytes"),
            body_deadline: Duration::from_millis(settings.with_default(
                "HTTP_BODY_DEADLINE_MS",
                10_000,
                "how long a request body may take to arrive, in milliseconds",
            )),
            request_deadline: Duration::from_millis(settings.with_default(
                "HTTP_REQUEST_DEADLINE_MS",
                if matches!(service, Service::Gateway) { 30_000 } else { 25_000 },
                "how long a request may take in all, in milliseconds",
            )),
            drain: Duration::from_millis(settings.with_default(
                "HTTP_DRAIN_MS",
                2_500,
                "for how long a process that was asked to leave still takes requests, in milliseconds: until balancers have noticed \
                 that it is not ready, and well longer than the 1 s for which callers keep idle connections",
            )),
        }
    }
}

/// Where the data is.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// Connection as the application role: sees one tenant at a time.
    pub url: SecretString,
    /// Connection as the system role: relays and workers, across tenants, few tables.
    pub system_url: SecretString,
    /// Connection as the owner, for migrations and for tenants' own schemas.
    pub owner_url: Option<SecretString>,
    /// Connections for requests, shared out among the threads.
    pub pool_size: u32,
    /// Connections for background work.
    pub system_pool_size: u32,
    /// How long to wait for a free connection.
    pub acquire_timeout: Duration,
    /// How long one statement may run for a request.
    pub statement_timeout: Duration,
}

impl DatabaseConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        Self {
            url: settings.secret("DATABASE_URL", 1, "PostgreSQL address of the application role"),
            system_url: settings.secret("DATABASE_SYSTEM_URL", 1, "PostgreSQL address of the system role"),
            owner_url: settings.optional_secret(
                "DATABASE_OWNER_URL",
                "PostgreSQL address of the owner role, used to migrate, make tenants' schemas and move tenants",
            ),
            pool_size: settings.with_default(
                "DATABASE_POOL_SIZE",
                16,
                "connections for requests, shared out among the threads",
            ),
            system_pool_size: settings.with_default(
                "DATABASE_SYSTEM_POOL_SIZE",
                4,
                "connections for background work",
            ),
            acquire_timeout: Duration::from_millis(settings.with_default(
                "DATABASE_ACQUIRE_TIMEOUT_MS",
                3_000,
                "how long to wait for a free connection, in milliseconds",
            )),
            statement_timeout: Duration::from_millis(settings.with_default(
                "DATABASE_STATEMENT_TIMEOUT_MS",
                5_000,
                "how long one statement may run, in milliseconds",
            )),
        }
    }
}

/// Where Redis is and under which prefix our keys stand.
#[derive(Clone, Debug)]
pub struct RedisConfig {
    /// Address, with the password when there is one.
    pub url: SecretString,
    /// First part of every key, so that several platforms can share one Redis.
    pub prefix: String,
}

impl RedisConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        let url = settings
            .optional_secret("REDIS_URL", "Redis address; default: redis://127.0.0.1:6379")
            .unwrap_or_else(|| SecretString::from("redis://127.0.0.1:6379"));
        Self {
            url,
            prefix: settings.with_default(
                "REDIS_PREFIX",
                "leadstream".to_owned(),
                "first part of every Redis key",
            ),
        }
    }
}

/// Where the other processes are.
#[derive(Clone, Debug)]
pub struct PeersConfig {
    addresses: [(Service, url::Url); 5],
}

impl PeersConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        let mut address = |name, service: Service| {
            let fallback = format!("http://127.0.0.1:{}", service.default_port());
            let text: String = settings.with_default(name, fallback, "address of that service");
            match text.parse() {
                Ok(url) => (service, url),
                Err(fault) => {
                    settings.fault(format!("{name}: {fault}"));
                    (service, url::Url::from_directory_path("/").unwrap_or_else(|()| unreachable_url()))
                }
            }
        };
        Self {
            addresses: [
                address("AUTH_URL", Service::Auth),
                address("TENANT_URL", Service::Tenant),
                address("LEAD_URL", Service::Lead),
                address("ENRICHMENT_URL", Service::Enrichment),
                address("INTEGRATION_URL", Service::Integration),
            ],
        }
    }

    /// Address of a service; none for the gateway, which is not called internally.
    pub fn address(&self, service: Service) -> Option<&url::Url> {
        self.addresses.iter().find(|(peer, _)| *peer == service).map(|(_, url)| url)
    }
}

/// The secret that processes sign identities with, and the one before it during a rotation.
#[derive(Clone, Debug)]
pub struct IdentityConfig {
    /// Signs and verifies.
    pub secret: SecretString,
    /// Still verifies.
    pub previous: Option<SecretString>,
}

impl IdentityConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        Self {
            secret: settings.secret("IDENTITY_SECRET", 32, "secret that the platform's processes share"),
            previous: settings
                .optional_secret("IDENTITY_SECRET_PREVIOUS", "the secret before it, during a rotation"),
        }
    }
}

/// Keys for credentials at rest.
#[derive(Clone, Debug)]
pub struct EncryptionConfig {
    /// `<key id>:<base64 of 32 bytes>`, the first encrypts, all decrypt.
    pub keys: Vec<SecretString>,
}

impl EncryptionConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        let text = settings.secret(
            "ENCRYPTION_KEY",
            1,
            "keys for stored credentials, `<id 0-255>:<base64 of 32 bytes>`, comma-separated; the first encrypts",
        );
        let keys =
            text.expose_secret().split(',').filter(|key| !key.is_empty()).map(SecretString::from).collect();
        Self { keys }
    }
}

/// How the process speaks to its log.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// `json` or `text`.
    pub format: String,
    /// Filter in the syntax of `tracing`'s `EnvFilter`.
    pub level: String,
    /// Who collects traces.
    pub collector: Option<url::Url>,
}

impl LogConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        let format: String = settings.with_default("LOG_FORMAT", "json".to_owned(), "json or text");
        if !["json", "text"].contains(&format.as_str()) {
            settings.fault(format!("LOG_FORMAT: {format:?} is neither json nor text"));
        }
        Self {
            format,
            level: settings.with_default(
                "LOG_LEVEL",
                "info".to_owned(),
                "least severe level to log, or a filter",
            ),
            collector: settings.optional(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "address of an OpenTelemetry collector that is sent traces (OTLP over HTTP)",
            ),
        }
    }
}

fn unreachable_url() -> url::Url {
    #[expect(clippy::unwrap_used, reason = "a constant that parses")]
    "http://127.0.0.1:9/".parse().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_reported_together() {
        let mut settings = Settings::from_lookup(|name| match name {
            "HTTP_ADDR" => Some("nowhere".into()),
            "IDENTITY_SECRET" => Some("short".into()),
            _ => None,
        });
        let _http = HttpConfig::read(&mut settings, Service::Lead);
        let _identity = IdentityConfig::read(&mut settings);
        let _database = DatabaseConfig::read(&mut settings);

        let Faults(faults) = settings.finish(()).unwrap_err();

        assert_eq!(faults.len(), 4, "{faults:?}");
        assert!(faults.iter().any(|f| f.starts_with("HTTP_ADDR")));
        assert!(faults.iter().any(|f| f == "IDENTITY_SECRET is shorter than 32 bytes"));
        assert!(!faults.join(" ").contains("short\""), "a secret's text must not be repeated");
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let mut settings = Settings::from_lookup(|_| Some(String::new()));
        let log = LogConfig::read(&mut settings);
        assert_eq!(log.format, "json");
        assert!(settings.finish(()).is_ok());
    }
}
