//! The platform that is measured: private, throw-away, with its data on a disk and a quarter of all leads in the
//! demo's tenant.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::database::Database;
use super::nginx::Nginx;
use super::tools::Tools;
use super::wrk::Wrk;
use devstack::engines::pair;
use devstack::http::{Answer, Http};
use devstack::layout::{Layout, read_json, set_mode};
use devstack::ports;
use devstack::secrets::Secrets;
use devstack::services::{GATEWAY, SERVICES};
use devstack::state::State;
use devstack::waiting::Cancel;
use devstack::{Demo, Options, Platform, Profile, Progress};

const DATASET: &str = include_str!("scripts/dataset.sql");
/// The leads were made in the last two years.
const SPAN_MS: i64 = 2 * 365 * 24 * 3600 * 1000;

/// A token is valid for a quarter of an hour; one of this age still lasts for a run.
const TOKEN_AGE: Duration = Duration::from_secs(300);
/// The service with a large answer from a fixed upstream on a stage with instruments, and its path.
const DETOURED: &str = "enrichment-service";
/// Needs a token, a tenant and a permission.
pub(super) const LARGE_PATH: &str = "/api/v2/enrichment/jobs";

/// How a platform is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// As `cargo xtask up` would, with the optimised build.
    Plain,
    /// With what some figures need and others must not know of: PostgreSQL notes when each transaction was committed, and
    /// nginx, where there is one, gives a large answer in the place of a service.
    Instrumented,
}

/// How many leads there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Population {
    /// Of all twenty tenants.
    pub(super) all: i64,
    /// Of these, those of the demo's tenant, the largest.
    pub(super) largest: i64,
}

impl Population {
    /// So many, of which the largest tenant has a quarter.
    pub(super) fn of_many(all: i64) -> Self {
        Self { all, largest: all / 4 }
    }

    /// So many of one tenant, and a tenth as many of all others.
    pub(super) fn of_one(largest: i64) -> Self {
        Self { all: largest + largest / 10, largest }
    }
}

/// A platform full of leads, and who asks it.
pub(super) struct Stage<'a> {
    /// The running platform.
    pub(super) platform: Platform,
    /// Its addresses and credentials.
    pub(super) demo: Demo,
    /// The fixed upstream of a stage with instruments.
    pub(super) upstream: Option<Nginx>,
    token: RefCell<(Instant, String)>,
    /// Signs identities between processes.
    pub(super) identity_secret: String,
    /// How many leads there are once it is seeded.
    pub(super) population: Population,
    /// The leads of the demo's tenant.
    pub(super) leads: Leads,
    /// Where files of this run go.
    pub(super) dir: PathBuf,
    /// The programs that measure.
    pub(super) tools: &'a Tools,
    /// Ends everything early.
    pub(super) cancel: &'a Cancel,
}

/// The k-th of `count` leads was made at `first + step * k`, in milliseconds, and has an id that says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leads {
    /// When the oldest was made.
    pub(super) first: i64,
    /// How long each was made after the one before.
    pub(super) step: i64,
    /// How many there are.
    pub(super) count: i64,
}

impl<'a> Stage<'a> {
    /// Starts the platform and signs in.
    pub(super) fn set(
        tools: &'a Tools,
        kind: Kind,
        population: Population,
        progress: Progress,
        cancel: &'a Cancel,
    ) -> Result<Self> {
        // Not below the system's temporary directory, which may be memory: a commit has to reach a disk.
        let dir = Path::new("/var/tmp").join(format!("leadstream-bench-{:016x}", rand::random::<u64>()));
        let layout = Layout::of(&dir)?;
        layout.create()?;
        let dir = layout.dir().join("bench");
        std::fs::create_dir(&dir).with_context(|| format!("can't create {}", dir.display()))?;
        set_mode(&dir, 0o711)?;
        let mut options = options(&layout, progress, cancel);
        let mut upstream = None;
        if kind == Kind::Instrumented {
            options.settings.push(("track_commit_timestamp", "on"));
            if let Some(nginx) = &tools.nginx {
                let behind = settle_port(&layout, &mut options)?;
                let nginx = Nginx::upstream(LARGE_PATH, &behind, nginx, &dir, cancel)?;
                options.detours = BTreeMap::from([(DETOURED.to_owned(), nginx.port())]);
                upstream = Some(nginx);
            }
        }
        let platform = Platform::start(&options)?;
        let demo = platform.demo().cloned().context("the platform has no demo")?;
        let secrets: Secrets = read_json(&layout.secrets())?.context("the platform has no secrets")?;
        let token = RefCell::new((Instant::now(), sign_in(&demo)?));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
        let first = i64::try_from(now.as_millis())? - SPAN_MS;
        let count = population.largest;
        let leads = Leads { first, step: SPAN_MS / count, count };
        let identity_secret = secrets.identity;
        Ok(Self { platform, demo, upstream, token, identity_secret, population, leads, dir, tools, cancel })
    }

    /// Fills the lead database.
    pub(super) fn seed(&self) -> Result<()> {
        let Population { all, largest } = self.population;
        let variables = [
            ("tenant", self.demo.tenant.id.clone()),
            ("leads", all.to_string()),
            ("largest", largest.to_string()),
            ("first", self.leads.first.to_string()),
            ("span", SPAN_MS.to_string()),
        ];
        self.database()?.run(DATASET, &variables)?;
        let found = self.database()?.number("select count(*) from leads", &[])?;
        if found < u64::try_from(all)? * 9 / 10 {
            bail!("only {found} leads were made");
        }
        let newest = format!("/api/v2/leads/{}", self.leads.id(self.leads.count - 1));
        self.ask(&newest, None).map(drop).context("the newest lead of the tenant can't be read")
    }

    /// The lead database.
    pub(super) fn database(&self) -> Result<Database<'a>> {
        self.database_of("lead")
    }

    /// The database of a service: `lead`, `integration`, …
    pub(super) fn database_of(&self, name: &str) -> Result<Database<'a>> {
        Database::at(&self.platform.postgres_url(name), self.tools, &self.dir, self.cancel)
    }

    /// The HTTP load generator.
    pub(super) fn wrk(&self) -> Wrk<'_> {
        Wrk { binary: &self.tools.wrk, dir: &self.dir, cancel: self.cancel }
    }

    /// What the gateway's address looks like in a Host header.
    pub(super) fn host(&self) -> String {
        self.platform.base_url().trim_start_matches("http://").to_owned()
    }

    /// A token of the tenant's admin, which will be good for some minutes.
    pub(super) fn token(&self) -> Result<String> {
        let mut token = self.token.borrow_mut();
        if token.0.elapsed() > TOKEN_AGE {
            *token = (Instant::now(), sign_in(&self.demo)?);
        }
        Ok(token.1.clone())
    }

    /// What a signed-in request carries.
    pub(super) fn headers(&self) -> Result<[(&'static str, String); 2]> {
        Ok([
            ("Authorization", format!("Bearer {}", self.token()?)),
            ("X-Tenant-Id", self.demo.tenant.id.clone()),
        ])
    }

    /// One signed-in request that must be answered 200: a POST when there is a body.
    pub(super) fn ask(&self, path: &str, body: Option<&Value>) -> Result<Answer> {
        let headers = self.headers()?;
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (method, url) =
            (if body.is_some() { "POST" } else { "GET" }, format!("{}{path}", self.platform.base_url()));
        let answer = Http::with_limit(Duration::from_secs(10)).send(method, &url, &headers, body)?;
        if answer.status != 200 {
            bail!("{method} {path} answered {}: {}", answer.status, answer.text.trim());
        }
        Ok(answer)
    }

    /// Processes that had to be started again, which no load may bring about.
    pub(super) fn restarted(&self) -> Vec<&'static str> {
        let all = [GATEWAY].into_iter().chain(SERVICES).chain(["postgres", "redis"]);
        all.filter(|name| self.platform.restarts(name) > 0).collect()
    }
}

impl Leads {
    /// The id of the k-th lead.
    fn id(&self, k: i64) -> String {
        let time = format!("{:012x}", self.first + self.step * k);
        let (high, low) = time.split_at_checked(8).unwrap_or((&time, ""));
        format!("{high}-{low}-7000-8000-000000000000")
    }

    /// The id of any one, to ask for it by hand.
    pub(super) fn example(&self) -> String {
        self.id(self.count / 2)
    }

    /// Lines of pgbench's that choose a lead, and the expression of its id.
    pub(super) fn choice(&self) -> (String, &'static str) {
        let Self { first, step, count } = self;
        let lines = format!("\\set at {first} + {step} * random(0, {})\n", count - 1);
        (lines, "(lpad(to_hex(:at::bigint), 12, '0') || '70008000000000000000')::uuid")
    }
}

fn options(layout: &Layout, progress: Progress, cancel: &Cancel) -> Options {
    Options {
        profile: Profile::Release,
        build: false,
        ephemeral: true,
        progress,
        cancel: cancel.clone(),
        ..Options::at(layout.dir()).with_raised_limits()
    }
}

/// Chooses the ports before the platform does, so that a proxy can stand between them; returns the address of the service
/// behind it.
fn settle_port(layout: &Layout, options: &mut Options) -> Result<String> {
    let gateway = ports::choose(&[])?;
    let names: Vec<&str> = pair::ENGINES.into_iter().chain(SERVICES).collect();
    let mut state = State::default();
    state.settle_ports(&names, gateway, &options.progress)?;
    state.save(&layout.state())?;
    options.port = Some(gateway);
    Ok(format!("http://127.0.0.1:{}", state.port(DETOURED)))
}

fn sign_in(demo: &Demo) -> Result<String> {
    let body = json!({"email": demo.tenant_admin.email, "password": demo.tenant_admin.password});
    let url = format!("{}/api/v2/auth/login", demo.base_url);
    let answer = Http::with_limit(Duration::from_secs(10)).send("POST", &url, &[], Some(&body))?;
    let token = answer.json().get("access_token").and_then(Value::as_str).map(str::to_owned);
    token.with_context(|| format!("signing in answered {}: {}", answer.status, answer.text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_when_a_lead_was_made() {
        let leads = Leads { first: 0x0190_0000_0000, step: 16, count: 10 };

        assert_eq!(leads.id(1), "01900000-0010-7000-8000-000000000000");
        assert_eq!(leads.example(), "01900000-0050-7000-8000-000000000000");
    }

    #[test]
    fn the_largest_tenant_has_a_quarter_or_nearly_all() {
        assert_eq!(Population::of_many(200_000), Population { all: 200_000, largest: 50_000 });
        assert_eq!(Population::of_one(1_000), Population { all: 1_100, largest: 1_000 });
    }

    #[test]
    fn every_lead_can_be_chosen() {
        let leads = Leads { first: 1000, step: 16, count: 10 };

        assert_eq!(leads.choice().0, "\\set at 1000 + 16 * random(0, 9)\n");
    }
}
