//! tenant-service: tenants, who belongs to them, and what they may do there.

pub mod audit;
mod catalogue;
pub mod config;
pub mod deps;
mod offices;
pub mod people;
pub mod permissions;
mod provisioning;
mod references;
mod routes;
mod schema;
pub mod settings;
mod tenancy;
mod zones;

use std::rc::Rc;

use actix_web::web::Data;
use contracts::Service;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use platform::{
    auth::seal::SealingKeys,
    command::{self, App, Base, BaseConfig},
    config::Settings,
    http::Routes,
    streams,
    worker::Shutdown,
};
use tokio::sync::Notify;

use crate::{
    audit::AuditConsumer,
    config::Config,
    deps::Deps,
    people::People,
    tenancy::{OwnHosts, Prover},
};

/// The service.
#[derive(Debug)]
pub struct TenantService;

impl App for TenantService {
    const SERVICE: Service = Service::Tenant;
    const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
    type Config = Config;
    type Deps = Deps;

    fn configure(settings: &mut Settings) -> Config {
        Config::read(settings)
    }

    fn base(config: &Config) -> &BaseConfig {
        &config.base
    }

    fn routes() -> Routes {
        routes::routes()
    }

    /// The system roles are updated before the first request is served.
    async fn deps(config: &Config, base: Base) -> anyhow::Result<Deps> {
        let Base { db, redis, peers, .. } = base;
        let people = People::new(peers.clone());
        let deps = Deps {
            db,
            redis,
            peers,
            people,
            sealing: SealingKeys::new(&config.encryption)?,
            public_url: config.public_url.clone(),
            links_url: config.links_url.clone(),
            public_host: config.public_host.clone(),
            own_hosts: OwnHosts::of(config.public_host.as_deref(), config.links_url.domain()),
            prover: Prover::new(&config.proof)?,
            tenant_changed: Notify::new(),
            mail_queued: Notify::new(),
        };
        if people::synchronise_system_roles(&deps.db).await? {
            deps.forget_access(None, None).await;
        }
        Ok(deps)
    }

    fn spawn_background(deps: &Data<Deps>, base: &Base, shutdown: &Shutdown) {
        let audit = Rc::new(AuditConsumer);
        command::consume(base, audit::PRODUCER, &audit, shutdown);
        actix_web::rt::spawn(streams::consumer::run_retries(base.db.clone(), audit, shutdown.clone()));
        actix_web::rt::spawn(provisioning::run_worker(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(people::run_mail_worker(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(provisioning::run_isolation_worker(deps.clone(), shutdown.clone()));
    }
}
