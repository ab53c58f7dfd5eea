//! The six processes of the platform and the environment that each of them is given.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::secrets::Secrets;
use crate::state::State;

/// The process that the outside talks to.
pub const GATEWAY: &str = "gateway";

/// The services behind the gateway, in the order in which they are started.
pub const SERVICES: [&str; 5] =
    ["auth-service", "tenant-service", "lead-service", "enrichment-service", "integration-service"];

/// Where the gateway's metrics and the details of its health are: a port of its own.
pub const GATEWAY_INNER: &str = "gateway-inner";

/// Where mails can be read that would have been sent: a port of auth-service's own.
pub const MAILBOX: &str = "mailbox";

/// One database per service, each named like its service without `-service`.
pub const DATABASES: [&str; 5] = ["auth", "tenant", "lead", "enrichment", "integration"];

/// Everything a process needs to know about the platform around it.
#[derive(Clone)]
pub struct Surroundings {
    /// The directory of the built binaries.
    pub binaries: PathBuf,
    /// The directory that the processes run in.
    pub dir: PathBuf,
    /// The gateway's port.
    pub gateway_port: u16,
    /// Chosen ports.
    pub state: State,
    /// Generated secrets.
    pub secrets: Secrets,
    /// Ports under which processes find each other and the engines, where those aren't their own.
    pub detours: BTreeMap<String, u16>,
    /// Variables of the caller's, which win over all others.
    pub extra: Vec<(String, String)>,
    /// What a serving process's command line begins with; `{name}` in it stands for its name.
    pub wrapper: Vec<String>,
    /// The level of the logs, `info` unless the caller's environment says otherwise.
    pub log_level: String,
}

impl Surroundings {
    /// The port of a process.
    pub fn port(&self, name: &str) -> u16 {
        if name == GATEWAY { self.gateway_port } else { self.state.port(name) }
    }

    /// The port under which other processes find this one.
    fn found_at(&self, name: &str) -> u16 {
        self.detours.get(name).copied().unwrap_or_else(|| self.port(name))
    }

    /// The address at which the platform is reached.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.gateway_port)
    }

    /// The address at which mails can be read that would have been sent.
    pub fn mailbox_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.state.port(MAILBOX))
    }

    /// The address of PostgreSQL for a role and database.
    pub fn postgres_url(&self, role: &str, password: &str, database: &str) -> String {
        postgres_at(self.state.port("postgres"), role, password, database)
    }

    /// The address of Redis.
    pub fn redis_url(&self) -> String {
        self.redis_at(self.state.port("redis"))
    }

    fn redis_at(&self, port: u16) -> String {
        format!("redis://:{}@127.0.0.1:{port}/", self.secrets.redis)
    }

    /// A command of a process's binary, such as `serve` or `migrate`, with its whole environment.
    pub fn command(&self, name: &str, arguments: &[&str]) -> Command {
        let binary = binary(&self.binaries, service_of(name));
        let mut words = self.wrapper.iter().map(|word| word.replace("{name}", name));
        let mut command = match words.next() {
            Some(first) => {
                let mut command = Command::new(first);
                command.args(words).arg(binary);
                command
            }
            None => Command::new(binary),
        };
        command.args(arguments).envs(self.environment(name)).current_dir(&self.dir);
        command
    }

    /// The environment of a process, on top of what this one inherited.
    pub fn environment(&self, name: &str) -> Vec<(String, String)> {
        let mut variables = vec![
            ("HTTP_ADDR".to_owned(), format!("127.0.0.1:{}", self.port(name))),
            ("REDIS_URL".to_owned(), self.redis_at(self.found_at("redis"))),
            ("REDIS_PREFIX".to_owned(), "leadstream".to_owned()),
            ("IDENTITY_SECRET".to_owned(), self.secrets.identity.clone()),
            ("ENCRYPTION_KEY".to_owned(), self.secrets.encryption.clone()),
            ("PUBLIC_URL".to_owned(), self.base_url()),
            // A newcomer's own website and webhook receiver run on this machine.
            ("EGRESS_ALLOW".to_owned(), "127.0.0.0/8,::1/128".to_owned()),
            ("LOG_FORMAT".to_owned(), "json".to_owned()),
            // As in the image: what was large goes back to the system, instead of raising what counts as large.
            ("MALLOC_MMAP_THRESHOLD_".to_owned(), "1048576".to_owned()),
            ("MALLOC_TRIM_THRESHOLD_".to_owned(), "4194304".to_owned()),
            // There is no balancer that would have to notice that a process leaves.
            ("HTTP_DRAIN_MS".to_owned(), "0".to_owned()),
            ("LOG_LEVEL".to_owned(), self.log_level.clone()),
        ];
        for service in SERVICES {
            let variable = format!("{}_URL", database(service).to_uppercase());
            variables.push((variable, format!("http://127.0.0.1:{}", self.found_at(service))));
        }
        if name == "auth-service" {
            variables.push(("MAILBOX_ADDR".to_owned(), format!("127.0.0.1:{}", self.state.port(MAILBOX))));
        }
        if service_of(name) == "auth-service" {
            // Browsers reach it over plain HTTP.
            variables.push(("SESSION_COOKIE".to_owned(), "development".to_owned()));
            // All requests of a local platform come from one address.
            variables.push(("ACCOUNT_REQUESTS_PER_ADDRESS".to_owned(), "36000".to_owned()));
        }
        if service_of(name) == GATEWAY {
            // Only the first one's metrics are read.
            let port = if name == GATEWAY { self.state.port(GATEWAY_INNER) } else { 0 };
            variables.push(("GATEWAY_INNER_ADDR".to_owned(), format!("127.0.0.1:{port}")));
        }
        if service_of(name) != GATEWAY {
            variables.extend(self.database_urls(database(service_of(name))));
        }
        variables.extend(self.extra.iter().cloned());
        variables
    }

    fn database_urls(&self, database: &str) -> Vec<(String, String)> {
        let password = self.secrets.databases.get(database).map_or("", String::as_str);
        [("DATABASE_URL", "app"), ("DATABASE_SYSTEM_URL", "system"), ("DATABASE_OWNER_URL", "owner")]
            .into_iter()
            .map(|(variable, kind)| {
                let port = self.found_at("postgres");
                (variable.to_owned(), postgres_at(port, &format!("{database}_{kind}"), password, database))
            })
            .collect()
    }
}

fn postgres_at(port: u16, role: &str, password: &str, database: &str) -> String {
    format!("postgres://{role}:{password}@127.0.0.1:{port}/{database}")
}

/// The name of a service's `number`-th process: its own for the first, `lead-service-2` for the second.
pub fn replica(service: &str, number: u16) -> String {
    if number <= 1 { service.to_owned() } else { format!("{service}-{number}") }
}

/// The service that a process belongs to.
pub fn service_of(process: &str) -> &str {
    match process.rsplit_once('-') {
        Some((service, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => service,
        _ => process,
    }
}

/// The level that the caller's environment asks for.
#[expect(clippy::disallowed_methods, reason = "the one thing about logs that a user of `up` may want to say")]
pub fn log_level() -> String {
    std::env::var("LOG_LEVEL").unwrap_or_else(|_| "info".to_owned())
}

/// The file of a process's binary.
pub fn binary(binaries: &Path, name: &str) -> PathBuf {
    binaries.join(name)
}

/// The database of a service.
pub fn database(service: &str) -> &str {
    service.strip_suffix("-service").unwrap_or(service)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings() -> Surroundings {
        let ports =
            [("postgres", 1), ("redis", 2), ("auth-service", 3), ("lead-service", 4), ("gateway-inner", 5)];
        let ports = ports.into_iter().map(|(name, port)| (name.to_owned(), port)).collect();
        let databases = DATABASES.iter().map(|name| ((*name).to_owned(), format!("pw-{name}"))).collect();
        Surroundings {
            binaries: PathBuf::from("/bin"),
            dir: PathBuf::from("/"),
            gateway_port: 8000,
            state: State { ports, ..State::default() },
            secrets: Secrets {
                postgres: "p".into(),
                redis: "r".into(),
                databases,
                identity: "i".into(),
                encryption: "e".into(),
                platform_admin: "a".into(),
                tenant_admin: "t".into(),
                demo_api_key: None,
            },
            detours: BTreeMap::new(),
            extra: vec![("LOG_LEVEL".into(), "debug".into())],
            wrapper: vec!["env".into(), "CLOCK=/clock-{name}".into()],
            log_level: "info".into(),
        }
    }

    #[test]
    fn a_service_gets_its_own_database_and_every_ones_address() {
        let environment: BTreeMap<_, _> = surroundings().environment("lead-service").into_iter().collect();

        assert_eq!(environment["HTTP_ADDR"], "127.0.0.1:4");
        assert_eq!(environment["DATABASE_URL"], "postgres://lead_app:pw-lead@127.0.0.1:1/lead");
        assert_eq!(environment["DATABASE_OWNER_URL"], "postgres://lead_owner:pw-lead@127.0.0.1:1/lead");
        assert_eq!(environment["AUTH_URL"], "http://127.0.0.1:3");
        assert_eq!(environment["REDIS_URL"], "redis://:r@127.0.0.1:2/");
        assert_eq!(environment["LOG_LEVEL"], "debug");
    }

    #[test]
    fn a_detour_is_where_others_find_a_process_and_not_where_it_listens() {
        let detours = [("lead-service", 40), ("postgres", 10), ("redis", 20)];
        let detours = detours.into_iter().map(|(name, port)| (name.to_owned(), port)).collect();
        let surroundings = Surroundings { detours, ..surroundings() };
        let environment: BTreeMap<_, _> = surroundings.environment("lead-service").into_iter().collect();

        assert_eq!(environment["HTTP_ADDR"], "127.0.0.1:4");
        assert_eq!(environment["LEAD_URL"], "http://127.0.0.1:40");
        assert_eq!(environment["DATABASE_URL"], "postgres://lead_app:pw-lead@127.0.0.1:10/lead");
        assert_eq!(environment["REDIS_URL"], "redis://:r@127.0.0.1:20/");
        assert_eq!(surroundings.redis_url(), "redis://:r@127.0.0.1:2/");
    }

    #[test]
    fn a_replica_is_the_same_service_on_a_port_of_its_own() {
        assert_eq!(replica("lead-service", 1), "lead-service");
        assert_eq!(replica("lead-service", 2), "lead-service-2");
        assert_eq!(service_of("lead-service-2"), "lead-service");
        assert_eq!(service_of("lead-service"), "lead-service");
        assert_eq!(service_of("gateway"), "gateway");
    }

    #[test]
    fn a_command_may_be_wrapped() {
        let command = surroundings().command("lead-service-2", &["serve"]);

        let arguments: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        assert_eq!(command.get_program(), "env");
        assert_eq!(arguments, ["CLOCK=/clock-lead-service-2", "/bin/lead-service", "serve"]);
    }

    #[test]
    fn only_the_service_that_sends_mails_shows_them() {
        let shown = |name| surroundings().environment(name).iter().any(|(name, _)| name == "MAILBOX_ADDR");

        assert!(shown("auth-service"));
        assert!(!shown("tenant-service") && !shown(GATEWAY));
    }

    #[test]
    fn the_gateway_gets_no_database() {
        let environment = surroundings().environment(GATEWAY);

        assert!(environment.contains(&("HTTP_ADDR".to_owned(), "127.0.0.1:8000".to_owned())));
        assert!(environment.contains(&("GATEWAY_INNER_ADDR".to_owned(), "127.0.0.1:5".to_owned())));
        assert!(!environment.iter().any(|(name, _)| name.starts_with("DATABASE")));
    }
}
