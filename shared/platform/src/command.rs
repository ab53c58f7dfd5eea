//! The commands every service has: serve, migrate, openapi, config, health.

use std::{io::Write, rc::Rc, time::Duration};

use actix_web::web;
use anyhow::Context;
use contracts::Service;
use diesel_migrations::EmbeddedMigrations;
use secrecy::SecretString;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    auth::identity::IdentityKeys,
    client::Peers,
    config::{DatabaseConfig, HttpConfig, IdentityConfig, LogConfig, PeersConfig, RedisConfig, Settings},
    db::{
        Db,
        gauges::{self, Queue},
        housekeeping,
        inbox::Consumer,
        migrate, reachable,
        schemas::TenantSchemas,
    },
    http::{Routes, health, health::Health, leaving, openapi, server},
    provision,
    redis::Redis,
    retry::Backoff,
    streams, telemetry,
    worker::{self, Shutdown, until_done},
};

/// How long a starting process waits for its database, which is faster than a restart.
const DATABASE_WITHIN: Duration = Duration::from_secs(60);

/// Migrations of what every service's database has.
pub const PLATFORM_MIGRATIONS: EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// How long after a failure tenants' schemas are migrated again.
const SCHEMAS_AGAIN: Backoff =
    Backoff { first: Duration::from_secs(60), factor: 1, longest: Duration::from_secs(60) };

/// Commands that every service understands.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Migrate if an owner role is configured, then serve until SIGTERM.
    Serve,
    /// Bring the database up to date, and on demand the schemas that tenants have to themselves. A schema that
    /// cannot be migrated is reported and does not stop the others; run again, it is tried again.
    Migrate {
        /// The schema of the tenant with this client id, too.
        #[arg(long, conflicts_with = "all")]
        tenant: Option<String>,
        /// Every tenant's schema, too.
        #[arg(long)]
        all: bool,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Print every setting, its default and its meaning.
    Config,
    /// Ask the running process whether it is ready; exit 0 if so.
    Health,
}

/// The configuration every service with a database has.
#[derive(Clone, Debug)]
pub struct BaseConfig {
    /// HTTP.
    pub http: HttpConfig,
    /// PostgreSQL.
    pub database: DatabaseConfig,
    /// Redis.
    pub redis: RedisConfig,
    /// Other processes.
    pub peers: PeersConfig,
    /// Identity between processes.
    pub identity: IdentityConfig,
    /// Log.
    pub log: LogConfig,
}

impl BaseConfig {
    /// Reads all sections.
    pub fn read(settings: &mut Settings, service: Service) -> Self {
        Self {
            http: HttpConfig::read(settings, service),
            database: DatabaseConfig::read(settings),
            redis: RedisConfig::read(settings),
            peers: PeersConfig::read(settings),
            identity: IdentityConfig::read(settings),
            log: LogConfig::read(settings),
        }
    }
}

/// What a service is started with.
#[derive(Clone)]
pub struct Base {
    /// Its database.
    pub db: Db,
    /// Redis.
    pub redis: Redis,
    /// The other services.
    pub peers: Peers,
    /// Signs and verifies identities.
    pub keys: IdentityKeys,
}

impl Base {
    /// Opens everything; connects to nothing yet.
    ///
    /// # Errors
    /// When an address or key cannot be used.
    pub fn open(service: Service, config: &BaseConfig) -> anyhow::Result<Self> {
        let keys = IdentityKeys::new(&config.identity)?;
        let peers = Peers::new(service, config.peers.clone(), keys.clone())?;
        let redis = Redis::open(&config.redis)?;
        // The threads that serve, and the one that does everything else.
        let threads = config.http.workers + 1;
        Ok(Self { db: Db::open(service, &config.database, threads), redis, peers, keys })
    }

    /// Opens everything for a service with tenants in their own schemas.
    ///
    /// # Errors
    /// As [`Base::open`].
    pub fn of<A: App>(config: &BaseConfig) -> anyhow::Result<Self> {
        let base = Self::open(A::SERVICE, config)?;
        Ok(Self { db: base.db.with_schemas(&config.database, A::migrations), ..base })
    }
}

/// A service: what it is configured with, what it depends on, what it serves and what it does by itself.
#[expect(async_fn_in_trait, reason = "called by our own main functions only, on one thread")]
pub trait App: 'static {
    /// Which service this is.
    const SERVICE: Service;
    /// Its own migrations.
    const MIGRATIONS: EmbeddedMigrations;
    /// Its configuration.
    type Config: Clone;
    /// What its handlers ask for.
    type Deps: Send + Sync + 'static;

    /// All migrations of its database, in the order in which they run.
    fn migrations() -> Vec<EmbeddedMigrations> {
        vec![PLATFORM_MIGRATIONS, Self::MIGRATIONS]
    }
    /// Reads the configuration.
    fn configure(settings: &mut Settings) -> Self::Config;
    /// What work waits in, beside outbox and inbox: monitoring sees how much and since when.
    const QUEUES: &'static [Queue] = &[];
    /// The part of it that every service has.
    fn base(config: &Self::Config) -> &BaseConfig;
    /// Its routes.
    fn routes() -> Routes;
    /// Makes the dependencies.
    async fn deps(config: &Self::Config, base: Base) -> anyhow::Result<Self::Deps>;
    /// Starts what it does by itself, with `actix_web::rt::spawn`. The relay and the registration of permissions are
    /// started for it.
    fn spawn_background(deps: &web::Data<Self::Deps>, base: &Base, shutdown: &Shutdown);
}

/// Runs a command.
///
/// # Errors
/// Whatever kept it from being carried out.
pub async fn run<A: App>(command: Command) -> anyhow::Result<()> {
    let outcome = carry_out::<A>(command).await;
    telemetry::flush();
    outcome
}

async fn carry_out<A: App>(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve => serve::<A>().await,
        Command::Migrate { tenant, all } => {
            let config = configured::<A>()?;
            let base = A::base(&config);
            telemetry::init(A::SERVICE, &base.log)?;
            migrate::<A>(base).await?;
            if all || tenant.is_some() { migrate_schemas::<A>(base, tenant.as_deref()).await } else { Ok(()) }
        }
        Command::Openapi => print_document::<A>(),
        Command::Config => {
            let mut settings = Settings::from_env();
            A::configure(&mut settings);
            print_reference(&settings)
        }
        Command::Health => {
            let mut settings = Settings::from_env();
            ask_health(HttpConfig::read(&mut settings, A::SERVICE).addr).await
        }
    }
}

fn configured<A: App>() -> anyhow::Result<A::Config> {
    let mut settings = Settings::from_env();
    let config = A::configure(&mut settings);
    Ok(settings.finish(config)?)
}

fn owner(config: &BaseConfig) -> anyhow::Result<&SecretString> {
    let owner = config.database.owner_url.as_ref();
    owner.context("DATABASE_OWNER_URL is not set: migrations need the owner role")
}

async fn migrate<A: App>(config: &BaseConfig) -> anyhow::Result<()> {
    for migrations in A::migrations() {
        for name in migrate::run(A::SERVICE, owner(config)?, migrations).await? {
            tracing::info!(migration = name, "migrated");
        }
    }
    Ok(())
}

async fn migrate_schemas<A: App>(config: &BaseConfig, only: Option<&str>) -> anyhow::Result<()> {
    let schemas = TenantSchemas::new(A::SERVICE, owner(config)?.clone(), A::migrations);
    let placed = schemas.placed(only).await?;
    if let (Some(client_id), true) = (only, placed.is_empty()) {
        anyhow::bail!("no tenant {client_id:?} has a schema of its own");
    }
    let outcome = schemas.migrate(placed).await;
    tracing::info!(
        schemas.current = outcome.current,
        schemas.broken = outcome.broken.len(),
        "migrated tenants"
    );
    let broken: Vec<&str> = outcome.broken.iter().map(|(client_id, _)| client_id.as_str()).collect();
    anyhow::ensure!(broken.is_empty(), "not migrated: {}", broken.join(", "));
    Ok(())
}

/// Migrates until every tenant's schema is up to date; requests of other tenants are 503.
async fn keep_migrating(schemas: TenantSchemas, shutdown: Shutdown) {
    until_done("migration of tenants' schemas", SCHEMAS_AGAIN, shutdown, async || {
        let broken = schemas.migrate(schemas.placed(None).await?).await.broken.len();
        anyhow::ensure!(broken == 0, "{broken} schemas could not be migrated");
        Ok(())
    })
    .await;
}

async fn serve<A: App>() -> anyhow::Result<()> {
    let config = configured::<A>()?;
    let base_config = A::base(&config);
    telemetry::init(A::SERVICE, &base_config.log)?;
    install_crypto();
    health::collect_metrics();
    let first_url = base_config.database.owner_url.as_ref().unwrap_or(&base_config.database.url);
    reachable::wait(first_url, DATABASE_WITHIN).await?;
    if base_config.database.owner_url.is_some() {
        migrate::<A>(base_config).await?;
    }
    let base = Base::of::<A>(base_config)?;
    base.db.assert_durable().await?;
    let deps = web::Data::new(A::deps(&config, base.clone()).await?);
    let (trigger, shutdown) = worker::shutdown();
    let health = Health::of(&base.db, &base.redis);
    let routes = A::routes();
    let site = server::Site {
        service: A::SERVICE,
        routes: routes.clone(),
        health: health.clone(),
        db: base.db.clone(),
        keys: base.keys.clone(),
        peers: base.peers.clone(),
    };
    let serving = server::start(site, &base_config.http, deps.clone())?;
    actix_web::rt::spawn(provision::register_permissions(
        A::SERVICE,
        routes,
        base.peers.clone(),
        shutdown.clone(),
    ));
    actix_web::rt::spawn(streams::relay::run(base.db.clone(), base.redis.clone(), shutdown.clone()));
    actix_web::rt::spawn(housekeeping::run(base.db.clone(), shutdown.clone()));
    actix_web::rt::spawn(gauges::run(base.db.clone(), A::QUEUES, shutdown.clone()));
    if let Ok(movers) = base.db.movers() {
        actix_web::rt::spawn(keep_migrating(movers.schemas().clone(), shutdown.clone()));
    }
    A::spawn_background(&deps, &base, &shutdown);
    drop(shutdown);
    tracing::info!(service = %A::SERVICE, http.addr = %serving.addr, "serving");
    let (handle, drain) = (serving.handle.clone(), base_config.http.drain);
    let ending = actix_web::rt::spawn(async move {
        if let Err(error) = ended_by_signal().await {
            tracing::error!(%error, "signals cannot be listened for");
        }
        leaving::drain(&health, drain).await;
        leaving::finish(&health, &handle).await;
        trigger.trigger();
        trigger
    });
    serving.done.await?;
    // The relay sends what was committed last, workers hand back what they hold.
    let background = async {
        ending.await?.heeded().await;
        Ok::<_, tokio::task::JoinError>(())
    };
    if tokio::time::timeout(Duration::from_secs(2), background).await.is_err() {
        tracing::warn!("some background work is cut off");
    }
    tracing::info!(service = %A::SERVICE, "ended");
    Ok(())
}

/// Consumes a producer's events; failed ones are tried again by [`streams::consumer::run_retries`], started once.
pub fn consume<C: Consumer>(base: &Base, producer: Service, consumer: &Rc<C>, shutdown: &Shutdown) {
    actix_web::rt::spawn(streams::consumer::run(
        base.db.clone(),
        base.redis.clone(),
        producer,
        Rc::clone(consumer),
        shutdown.clone(),
    ));
}

/// One provider of cryptography for everything that speaks TLS.
pub fn install_crypto() {
    // An error means that it is installed already.
    let _already = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// Waits for SIGTERM or SIGINT.
///
/// # Errors
/// When signals cannot be listened for.
pub async fn ended_by_signal() -> std::io::Result<()> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    Ok(())
}

fn print_document<A: App>() -> anyhow::Result<()> {
    let faults = openapi::faults(&A::routes());
    anyhow::ensure!(faults.is_empty(), "the document is of no use to its readers:\n{}", faults.join("\n"));
    let title = format!("Leadstream {}", A::SERVICE);
    let document = openapi::document(&title, env!("CARGO_PKG_VERSION"), &A::routes());
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&document)?)?;
    Ok(())
}

/// Prints every setting that was read.
///
/// # Errors
/// When standard output is closed.
pub fn print_reference(settings: &Settings) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    for setting in settings.reference() {
        let default = setting.default.as_deref().unwrap_or("must be set");
        writeln!(out, "{:<32} {:<28} {}", setting.name, default, setting.about)?;
    }
    Ok(())
}

/// Asks a process on this machine whether it is ready.
///
/// # Errors
/// When it is not.
pub async fn ask_health(addr: std::net::SocketAddr) -> anyhow::Result<()> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(3)).build()?;
    let host = if addr.ip().is_unspecified() { "127.0.0.1".to_owned() } else { addr.ip().to_string() };
    let status = client.get(format!("http://{host}:{}/health/ready", addr.port())).send().await?.status();
    anyhow::ensure!(status.is_success(), "not ready: {status}");
    Ok(())
}
