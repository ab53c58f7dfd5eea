//! lead-service: leads, accounts, contacts, deals, customers and orders of a tenant.

mod activities;
pub mod config;
mod csv;
mod customers;
pub mod deps;
mod duplicates;
mod enrichment_requests;
mod entities;
mod handovers;
mod identity;
mod imports;
mod insight;
pub mod intake;
mod invalidations;
mod lead_management;
mod listener;
mod money;
mod people;
mod products;
mod recognition;
mod routes;
mod routing;
mod sales;
mod schema;
mod text;

use std::rc::Rc;

use actix_web::web;
use contracts::Service;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use platform::{
    command::{self, App, Base, BaseConfig},
    config::Settings,
    http::Routes,
    streams, values,
    worker::Shutdown,
};

pub use identity::SourceKey;
pub use intake::DuplicatePolicy;

use crate::{
    config::Config,
    deps::Deps,
    intake::{Batcher, KeyCache},
};

/// The service.
pub struct LeadService;

impl App for LeadService {
    const SERVICE: Service = Service::Lead;
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

    async fn deps(config: &Config, base: Base) -> anyhow::Result<Deps> {
        let keys = KeyCache::new(base.db.clone());
        let batcher = Batcher::start(&base.db, config.ingest);
        Ok(Deps { db: base.db, redis: base.redis, peers: base.peers, keys, batcher })
    }

    fn spawn_background(deps: &web::Data<Deps>, base: &Base, shutdown: &Shutdown) {
        std::thread::spawn(values::prepare_phones);
        actix_web::rt::spawn(sales::run_furnishing(base.db.clone(), shutdown.clone()));
        actix_web::rt::spawn(intake::run_key_usage(base.db.clone(), shutdown.clone()));
        actix_web::rt::spawn(invalidations::run(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(routing::run_rescoring(base.db.clone(), shutdown.clone()));
        let listener = Rc::new(listener::Listener::new(deps.clone()));
        command::consume(base, Service::Tenant, &listener, shutdown);
        command::consume(base, Service::Enrichment, &listener, shutdown);
        actix_web::rt::spawn(streams::consumer::run_retries(base.db.clone(), listener, shutdown.clone()));
        actix_web::rt::spawn(lead_management::run_upkeep(base.db.clone(), shutdown.clone()));
        actix_web::rt::spawn(enrichment_requests::run_worker(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(handovers::run_worker(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(imports::run_worker(deps.clone(), shutdown.clone()));
    }
}
