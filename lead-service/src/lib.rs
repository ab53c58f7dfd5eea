//! lead-service: leads, accounts, contacts, deals, customers and orders of a tenant.

mod accounts;
mod activities;
mod api_keys;
mod assignment_rules;
mod assignments;
pub mod config;
mod contacts;
mod csv;
mod currencies;
mod customer_interactions;
mod customer_segments;
mod customer_side;
mod customer_tags;
mod customers;
mod deals;
pub mod deps;
mod duplicates;
mod entities;
mod form_mappings;
mod handoffs;
mod handovers;
mod identity;
mod imports;
pub mod ingest;
mod ingests;
mod invalidations;
mod issues;
mod leads;
mod listener;
mod merges;
mod money;
mod orders;
mod owners;
mod pipelines;
mod playbooks;
mod products;
mod provenance;
mod recognition;
mod references;
mod reports;
mod routes;
mod schema;
mod scores;
mod scoring_models;
mod stages;
mod tasks;
mod text;
mod timelines;

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

pub use api_keys::DuplicatePolicy;

use crate::{api_keys::cache::KeyCache, config::Config, deps::Deps, ingest::batcher::Batcher};

/// The service.
pub struct LeadService;

impl App for LeadService {
    const SERVICE: Service = deps::SERVICE;
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
        std::thread::spawn(values::prepare_phones);
        let keys = KeyCache::new(base.db.clone());
        let batcher = Batcher::start(&base.db, config.ingest);
        Ok(Deps { db: base.db, redis: base.redis, peers: base.peers, keys, batcher })
    }

    fn spawn_background(deps: &web::Data<Deps>, base: &Base, shutdown: &Shutdown) {
        actix_web::rt::spawn(pipelines::furnishing::run(base.db.clone(), shutdown.clone()));
        actix_web::rt::spawn(api_keys::usage::run(base.db.clone(), shutdown.clone()));
        actix_web::rt::spawn(invalidations::run(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(scores::rescoring::run(base.db.clone(), shutdown.clone()));
        let listener = Rc::new(listener::Listener::new(deps.clone()));
        command::consume(base, Service::Tenant, &listener, shutdown);
        command::consume(base, Service::Enrichment, &listener, shutdown);
        actix_web::rt::spawn(streams::consumer::run_retries(base.db.clone(), listener, shutdown.clone()));
        actix_web::rt::spawn(leads::upkeep::run(base.db.clone(), shutdown.clone()));
        actix_web::rt::spawn(handoffs::worker::run(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(handovers::worker::run(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(imports::worker::run(deps.clone(), shutdown.clone()));
    }
}
