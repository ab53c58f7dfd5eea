//! Finds the proof of a host name: a DNS record, or a file on the host.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
    time::Duration,
};

use hickory_resolver::{
    Resolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts},
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::rr::RData,
    system_conf::read_system_conf,
};
use platform::{
    Problem,
    config::Settings,
    egress::{Egress, EgressConfig, Request},
};
use tokio::sync::Semaphore;

use super::api::Challenge;

/// How long a DNS server may take to answer, and how often it is asked.
const DNS_WITHIN: Duration = Duration::from_secs(3);
const DNS_ATTEMPTS: usize = 2;
/// How long a host may take to send the file.
const FILE_WITHIN: Duration = Duration::from_secs(5);
/// Largest file taken, in bytes; it holds one line.
const FILE_LIMIT: usize = 4 << 10;
/// Proofs looked for at once.
const AT_ONCE: usize = 16;
const DNS_PORT: u16 = 53;

/// Where proofs are looked for.
#[derive(Clone, Debug)]
pub struct ProofConfig {
    /// Servers that are asked for records; those of the system where there are none.
    pub dns_servers: Vec<DnsServer>,
    /// Which addresses files may be fetched from.
    pub egress: EgressConfig,
}

/// A DNS server's address, with port 53 unless it names another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DnsServer(pub SocketAddr);

impl FromStr for DnsServer {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let with_port = || text.parse::<IpAddr>().map(|address| SocketAddr::new(address, DNS_PORT));
        let parsed = text.parse::<SocketAddr>().or_else(|_| with_port());
        parsed.map(Self).map_err(|_| "is no address such as 192.0.2.1 or 192.0.2.1:53")
    }
}

impl ProofConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        Self {
            dns_servers: settings.list(
                "DNS_SERVERS",
                "DNS servers that are asked for the records by which tenants prove their host names; those of /etc/resolv.conf \
                 where none is named",
            ),
            egress: EgressConfig::read(settings),
        }
    }
}

/// No proof was found.
#[derive(Clone, Debug)]
pub struct Absence {
    /// What was found in its places.
    pub detail: String,
    /// Whether the DNS has answered. It may hold a proof otherwise.
    pub is_certain: bool,
}

impl From<Absence> for Problem {
    fn from(absence: Absence) -> Self {
        let detail = format!("Neither the TXT record nor the file was found. {}", absence.detail);
        Self::unprocessable("proof_not_found", detail)
    }
}

/// Finds proofs.
pub struct Prover {
    servers: Vec<DnsServer>,
    egress: Egress,
    places: Semaphore,
}

impl Prover {
    /// With these servers.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(config: &ProofConfig) -> anyhow::Result<Self> {
        Ok(Self {
            servers: config.dns_servers.clone(),
            egress: Egress::new(&config.egress)?,
            places: Semaphore::new(AT_ONCE),
        })
    }

    /// Finds what a challenge asks for, in either place.
    ///
    /// # Errors
    /// [`Absence`], an uncertain one when too many proofs are looked for.
    pub async fn find(&self, challenge: &Challenge) -> Result<(), Absence> {
        let Ok(_place) = self.places.try_acquire() else {
            return Err(Absence { detail: "too many proofs are looked for".to_owned(), is_certain: false });
        };
        let (record, is_certain) = match self.records(&challenge.record_name).await {
            Ok(records) if records.contains(&challenge.record_value) => return Ok(()),
            Ok(records) if records.is_empty() => ("there is no TXT record".to_owned(), true),
            Ok(_) => ("the TXT record says something else".to_owned(), true),
            Err(reason) => (reason, false),
        };
        let plain_url = challenge.file_url.replacen("https://", "http://", 1);
        let (secure, plain) = futures::join!(
            self.file(&challenge.file_url, &challenge.file_content),
            self.file(&plain_url, &challenge.file_content),
        );
        let (Err(secure), Err(plain)) = (secure, plain) else { return Ok(()) };
        let detail = format!(
            "{}: {record}. {}: {secure}. {plain_url}: {plain}.",
            challenge.record_name, challenge.file_url
        );
        Err(Absence { detail, is_certain })
    }

    /// What the TXT records of a name say.
    async fn records(&self, name: &str) -> Result<Vec<String>, String> {
        let (mut config, mut options) = if self.servers.is_empty() {
            read_system_conf().map_err(|error| {
                tracing::error!(%error, "the system names no DNS servers; set DNS_SERVERS");
                "no DNS server is configured".to_owned()
            })?
        } else {
            let servers = self.servers.iter().map(|server| name_server(server.0)).collect();
            (ResolverConfig::from_parts(None, Vec::new(), servers), ResolverOpts::default())
        };
        // The name is whole as it is.
        (config.domain, config.search) = (None, Vec::new());
        (options.timeout, options.attempts) = (DNS_WITHIN, DNS_ATTEMPTS);
        // A record that was added a moment ago is looked for a moment later.
        options.cache_size = 0;
        let resolver = Resolver::builder_with_config(config, TokioRuntimeProvider::default())
            .with_options(options)
            .build()
            .map_err(|error| error.to_string())?;
        let found = match resolver.txt_lookup(format!("{name}.")).await {
            Ok(found) => found,
            Err(error) if error.is_no_records_found() => return Ok(Vec::new()),
            Err(NetError::Timeout) => return Err("the DNS server did not answer in time".to_owned()),
            Err(error) => return Err(format!("DNS: {error}")),
        };
        let texts = found.answers().iter().filter_map(|record| match &record.data {
            RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).trim().to_owned()),
            _ => None,
        });
        Ok(texts.collect())
    }

    /// Whether the file at an address holds this. Redirects are not followed: they could lead to another host.
    async fn file(&self, url: &str, content: &str) -> Result<(), String> {
        let request = Request::get(url).max_redirects(0).max_bytes(FILE_LIMIT).deadline(FILE_WITHIN);
        let answer = self.egress.send(request).await.map_err(|error| error.to_string())?;
        if answer.status.as_u16() != 200 {
            return Err(format!("the status is {}", answer.status.as_u16()));
        }
        if answer.body.trim_ascii() == content.as_bytes() {
            Ok(())
        } else {
            Err("it holds something else".to_owned())
        }
    }
}

fn name_server(address: SocketAddr) -> NameServerConfig {
    let at = |mut connection: ConnectionConfig| {
        connection.port = address.port();
        connection
    };
    let mut server = NameServerConfig::udp_and_tcp(address.ip());
    server.connections = vec![at(ConnectionConfig::udp()), at(ConnectionConfig::tcp())];
    server
}

#[cfg(test)]
mod tests {
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

    use super::*;

    fn prover(allow: &str) -> Prover {
        platform::command::install_crypto();
        let egress = EgressConfig { allow: allow.parse().into_iter().collect() };
        Prover::new(&ProofConfig { dns_servers: Vec::new(), egress }).unwrap()
    }

    async fn says(status: u16, body: &str) -> (MockServer, String) {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(status).set_body_string(body).insert_header("location", "/other");
        Mock::given(path("/.well-known/leadstream.txt")).respond_with(answer).mount(&server).await;
        Mock::given(path("/other"))
            .respond_with(ResponseTemplate::new(200).set_body_string("proof"))
            .mount(&server)
            .await;
        let url = format!("{}/.well-known/leadstream.txt", server.uri());
        (server, url)
    }

    #[actix_web::test]
    async fn a_file_that_holds_the_proof_and_nothing_else_is_taken() {
        let prover = prover("127.0.0.0/8");
        for (status, body, is_taken) in [
            (200, "proof", true),
            (200, " proof\r\n", true),
            (200, "proof of something else", false),
            (200, "", false),
            (404, "proof", false),
            (302, "proof", false),
            (200, &"proof ".repeat(1_000), false),
        ] {
            let (_server, url) = says(status, body).await;
            assert_eq!(prover.file(&url, "proof").await.is_ok(), is_taken, "{status} {body:.20}");
        }
    }

    #[actix_web::test]
    async fn a_file_is_fetched_through_the_guard() {
        let (server, url) = says(200, "proof").await;

        let refused = prover("192.0.2.0/24").file(&url, "proof").await.unwrap_err();

        assert!(refused.contains("a loopback address"), "{refused}");
        assert!(server.received_requests().await.unwrap().is_empty());
    }

    #[test]
    fn a_server_listens_on_the_usual_port_unless_said_otherwise() {
        let parse = |text: &str| text.parse().map(|DnsServer(address)| address.to_string());
        assert_eq!(parse("192.0.2.1"), Ok("192.0.2.1:53".to_owned()));
        assert_eq!(parse("127.0.0.1:5353"), Ok("127.0.0.1:5353".to_owned()));
        assert_eq!(parse("2001:db8::1"), Ok("[2001:db8::1]:53".to_owned()));
        assert!(parse("dns.example").is_err());
    }
}
