//! Throw-away platform under test: its data on a disk, with a proxy on every connection between its parts
//! where faults are injected.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::clocks::Clocks;
use super::proxy::Proxy;
use super::receiver::Receiver;
use super::redis::Redis;
use devstack::engines::{Engines, pair};
use devstack::layout::Layout;
use devstack::people::{Api, Tenant, signed};
use devstack::services::{GATEWAY, SERVICES, replica};
use devstack::sql::Sql;
use devstack::state::State;
use devstack::waiting::Cancel;
use devstack::workspace::Profile;
use devstack::{Options, Platform, Progress};

/// Number of tenants.
const TENANTS: [&str; 3] = ["north", "south", "west"];
/// Size of the disk for PostgreSQL's and Redis's data that is to be filled.
const SMALL_DISK: &str = "size=700m";

/// Setting of the platform for a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Setting {
    /// One process of each service.
    Plain,
    /// The same without proxies, for scenarios that measure times: proxies take a third of a core.
    Direct,
    /// Two processes of each service behind a balancer.
    Replicated,
    /// Data on a disk that can be filled.
    SmallDisk,
    /// Processes with adjustable clocks.
    Clocks,
}

impl Setting {
    /// Whether some machines do not support it.
    pub(super) fn asks_much(self) -> bool {
        matches!(self, Self::SmallDisk | Self::Clocks)
    }
}

/// Binaries of the platform.
#[derive(Clone, Debug)]
pub(super) struct Build {
    /// Build profile.
    pub(super) profile: Profile,
    /// Directory of another release for every second replica.
    pub(super) beside: Option<PathBuf>,
}

impl Build {
    /// Prefix of a command line that selects the release of its process.
    fn wrapper(&self, replicas: u16) -> Vec<String> {
        match &self.beside {
            Some(other) if replicas > 1 => {
                let choose = format!(
                    "case {{name}} in *-2) own='{}'/$(basename \"$1\");; *) own=$1;; esac; shift; exec \"$own\" \"$@\"",
                    other.display()
                );
                vec!["sh".to_owned(), "-c".to_owned(), choose, "sh".to_owned()]
            }
            _ => Vec::new(),
        }
    }
}

/// Running platform with its proxies and receivers.
pub(super) struct Stage {
    // Dropped first: no process runs when the rest is removed.
    pub(super) platform: Platform,
    /// Proxies by the name of their target.
    proxies: BTreeMap<String, Proxy>,
    /// The receiver of all webhooks.
    pub(super) receiver: Receiver,
    /// The tenants.
    pub(super) tenants: Vec<Tenant>,
    /// Processes per service.
    pub(super) replicas: u16,
    binaries: PathBuf,
    small_disk: Option<SmallDisk>,
    clocks: Option<Clocks>,
}

impl Stage {
    /// Starts a platform and makes its tenants.
    pub(super) fn set(setting: Setting, build: &Build, progress: Progress, cancel: &Cancel) -> Result<Self> {
        let engines = Engines::find_or_install(None, &progress)?;
        // Not below the system's temporary directory, which may be in memory: a commit has to reach a disk.
        let dir = Path::new("/var/tmp").join(format!("leadstream-faults-{:016x}", rand::random::<u64>()));
        let layout = Layout::of(&dir)?;
        layout.create()?;
        let replicas = if setting == Setting::Replicated { 2 } else { 1 };
        let small_disk =
            if setting == Setting::SmallDisk { Some(SmallDisk::make(layout.dir())?) } else { None };
        let clocks =
            if setting == Setting::Clocks { Some(Clocks::make(layout.dir(), &progress)?) } else { None };
        let mut state = State { data: small_disk.as_ref().map(|disk| disk.0.clone()), ..State::default() };
        let gateway_port = devstack::ports::choose(&[])?;
        let processes = processes(replicas);
        if let Some(clocks) = &clocks {
            processes.iter().try_for_each(|name| clocks.set(name, 0))?;
        }
        let names: Vec<&str> =
            pair::ENGINES.into_iter().chain(processes.iter().map(String::as_str)).collect();
        state.settle_ports(&names, gateway_port, &progress)?;
        state.ports.insert(GATEWAY.to_owned(), gateway_port);
        let proxies = if setting == Setting::Direct { BTreeMap::new() } else { proxies(&state, replicas)? };
        state.save(&layout.state())?;
        let options = Options {
            port: Some(gateway_port),
            build: false,
            seed: false,
            ephemeral: true,
            environment: environment(setting),
            wrapper: clocks.as_ref().map(Clocks::wrapper).unwrap_or_else(|| build.wrapper(replicas)),
            profile: build.profile,
            replicas,
            detours: proxies.iter().map(|(name, proxy)| (name.clone(), proxy.port())).collect(),
            progress,
            cancel: cancel.clone(),
            ..Options::at(layout.dir())
        };
        let platform = Platform::start(&options)?;
        let receiver = Receiver::start()?;
        let mut stage = Self {
            platform,
            proxies,
            receiver,
            tenants: Vec::new(),
            replicas,
            binaries: engines.postgres,
            small_disk,
            clocks,
        };
        stage.make_tenants()?;
        Ok(stage)
    }

    fn make_tenants(&mut self) -> Result<()> {
        let api = self.api()?;
        for client_id in TENANTS {
            let tenant = api.found(client_id)?;
            let endpoint = json!({"url": self.receiver.address(client_id), "events": ["Lead.CREATE"]});
            let request = signed("POST", "/api/v2/webhook-endpoints", &tenant.token, Some(client_id));
            api.ask(&request.json(&endpoint), &[201])?;
            self.tenants.push(tenant);
        }
        Ok(())
    }

    /// The platform's public API.
    pub(super) fn api(&self) -> Result<Api> {
        Ok(Api { address: self.gateway(), ..Api::of(&self.platform)? })
    }

    /// Address for requests.
    pub(super) fn gateway(&self) -> SocketAddr {
        let direct = self.platform.base_url().rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let port = self.proxies.get(GATEWAY).map(Proxy::port).or(direct).unwrap_or(0);
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }

    /// The proxy before a service or an engine.
    pub(super) fn hop(&self, name: &str) -> Result<&Proxy> {
        self.proxies.get(name).with_context(|| format!("there is no proxy before {name}"))
    }

    /// A service's database, seen by PostgreSQL's superuser.
    pub(super) fn sql(&self, database: &str) -> Result<Sql> {
        Sql::at(&self.platform.postgres_url(database), &self.binaries)
    }

    /// Redis, without a proxy.
    pub(super) fn redis(&self) -> Result<Redis> {
        Redis::at(&self.platform.redis_url())
    }

    /// Every process of ours, the gateway's last.
    pub(super) fn processes(&self) -> Vec<String> {
        processes(self.replicas)
    }

    /// Whether all processes are ready.
    pub(super) fn is_ready(&self) -> bool {
        self.processes().iter().all(|name| self.platform.is_ready(name))
    }

    /// The directory of the disk that can be filled.
    pub(super) fn small_disk(&self) -> Option<&Path> {
        self.small_disk.as_ref().map(|disk| disk.0.as_path())
    }

    /// Sets the offset of a process's clock in seconds.
    pub(super) fn set_clock(&self, process: &str, seconds: i64) -> Result<()> {
        self.clocks.as_ref().context("these clocks cannot be set")?.set(process, seconds)
    }

    /// New tokens for the tenants' admins: the old ones expire during the other scenarios.
    pub(super) fn sign_in_again(&mut self) -> Result<()> {
        let api = self.api()?;
        for tenant in &mut self.tenants {
            tenant.token = api.sign_in(&tenant.admin)?;
        }
        Ok(())
    }
}

fn processes(replicas: u16) -> Vec<String> {
    let all = SERVICES.into_iter().chain([GATEWAY]);
    all.flat_map(|name| (1..=replicas).map(move |number| replica(name, number))).collect()
}

/// One before each service and engine; before the gateway only where there are several.
fn proxies(state: &State, replicas: u16) -> Result<BTreeMap<String, Proxy>> {
    let mut proxies = BTreeMap::new();
    for name in pair::ENGINES {
        proxies.insert(name.to_owned(), Proxy::to(state.port(name))?);
    }
    for name in SERVICES.into_iter().chain([GATEWAY]) {
        let ports: Vec<u16> = (1..=replicas).map(|number| state.port(&replica(name, number))).collect();
        if replicas > 1 {
            proxies.insert(name.to_owned(), Proxy::balancing(ports)?);
        } else if name != GATEWAY {
            proxies.insert(name.to_owned(), Proxy::to(state.port(name))?);
        }
    }
    Ok(proxies)
}

/// Limits are enforced, but raised for a single load generator. Deliveries to a slow receiver must not keep the queue from being
/// emptied within a scenario.
fn environment(setting: Setting) -> Vec<(String, String)> {
    let limits = ["RATE_LIMIT_ADDRESS", "RATE_LIMIT_USER", "RATE_LIMIT_TENANT"];
    let mut variables: Vec<_> = limits.map(|name| (name.to_owned(), "1000000".to_owned())).to_vec();
    for (name, value) in [
        ("DELIVERIES_AT_ONCE_PER_ENDPOINT", "16"),
        ("DELIVERIES_DEADLINE_MS", "3000"),
        ("HTTP_WORKERS", "1"),
        ("DATABASE_POOL_SIZE", "8"),
    ] {
        variables.push((name.to_owned(), value.to_owned()));
    }
    if setting == Setting::Replicated {
        // With a balancer, processes drain as in production.
        variables.push(("HTTP_DRAIN_MS".to_owned(), "2500".to_owned()));
    }
    variables
}

/// A file system in memory with little room.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn make(dir: &Path) -> Result<Self> {
        if !nix::unistd::geteuid().is_root() {
            bail!("only root can mount a small disk");
        }
        // Beside the platform's directory, which it removes as a whole when it ends.
        let mut name = std::ffi::OsString::from("disk-of-");
        name.push(dir.file_name().context("the platform has no directory of its own")?);
        let disk = Self(dir.with_file_name(name));
        std::fs::create_dir_all(&disk.0)?;
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", SMALL_DISK, "leadstream"]).arg(&disk.0);
        let output = command.output().context("a small disk can't be mounted here")?;
        if !output.status.success() {
            bail!("a small disk can't be mounted here: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        devstack::layout::set_mode(&disk.0, 0o711)?;
        Ok(disk)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // The platform is gone by now; the directory is empty.
        let _ = Command::new("umount").arg("-l").arg(&self.0).stderr(Stdio::null()).status();
        if let Err(error) = devstack::layout::remove_dir(&self.0) {
            devstack::output::complain(&format!("xtask: {error:#}"));
        }
    }
}

/// File that fills a directory's disk except for so many bytes; removed when dropped.
pub(super) struct Ballast(PathBuf);

impl Ballast {
    /// Writes until the disk is full.
    pub(super) fn fill(dir: &Path) -> Result<Self> {
        let ballast = Self(dir.join("ballast"));
        let mut of = std::ffi::OsString::from("of=");
        of.push(&ballast.0);
        // Ends with an error when the disk is full, as intended.
        Command::new("dd").args(["if=/dev/zero", "bs=64k"]).arg(of).stderr(Stdio::null()).status()?;
        Ok(ballast)
    }
}

impl Drop for Ballast {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
