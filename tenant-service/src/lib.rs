//! tenant-service: tenants, who belongs to them, and what they may do there.

pub mod audit;
mod branches;
mod catalog_products;
mod categories;
pub mod config;
mod configs;
mod context;
pub mod deps;
mod domains;
mod explanations;
pub mod grants;
mod industries;
pub mod invitations;
pub mod isolation;
mod logos;
pub mod mails;
pub mod memberships;
pub mod permissions;
pub mod proven_people;
pub mod provisionings;
mod references;
mod regions;
pub mod roles;
mod routes;
mod schema;
pub mod settings;
mod tenant_products;
pub mod tenants;
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
    audit::consumer::AuditConsumer,
    config::Config,
    deps::Deps,
    domains::{OwnHosts, Prover},
    memberships::people::People,
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
        if roles::synchronise::system_roles(&deps.db).await? {
            deps.forget_access(None, None).await;
        }
        Ok(deps)
    }

    fn spawn_background(deps: &Data<Deps>, base: &Base, shutdown: &Shutdown) {
        let audit = Rc::new(AuditConsumer);
        command::consume(base, audit::consumer::PRODUCER, &audit, shutdown);
        actix_web::rt::spawn(streams::consumer::run_retries(base.db.clone(), audit, shutdown.clone()));
        actix_web::rt::spawn(provisionings::worker::run(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(mails::worker::run(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(isolation::worker::run(deps.clone(), shutdown.clone()));
    }
}
