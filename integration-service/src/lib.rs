//! integration-service: signed webhooks to a tenant's own endpoints, and notifications.

pub mod config;
pub mod consumer;
pub mod deliveries;
pub mod deps;
pub mod events;
pub mod notifications;
pub mod routes;
mod schema;
pub mod webhook_endpoints;

use std::{rc::Rc, sync::Arc};

use actix_web::{rt, web::Data};
use contracts::Service;
use diesel_migrations::EmbeddedMigrations;
use platform::{
    command::{self, App, Base, BaseConfig},
    config::Settings,
    db::gauges::Queue,
    http::Routes,
    streams,
    worker::Shutdown,
};

use crate::{config::Config, consumer::EventConsumer, deps::Deps};

/// Producers of consumed events.
const PRODUCERS: [Service; 3] = [Service::Lead, Service::Tenant, Service::Enrichment];

/// The service.
pub struct Integration;

impl App for Integration {
    const SERVICE: Service = Service::Integration;
    const MIGRATIONS: EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");
    const QUEUES: &'static [Queue] = &[deliveries::queue::DEPTH];
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
        Deps::new(config, base)
    }

    fn spawn_background(deps: &Data<Deps>, base: &Base, shutdown: &Shutdown) {
        let consumer = Rc::new(EventConsumer::new(deps.clone()));
        for producer in PRODUCERS {
            command::consume(base, producer, &consumer, shutdown);
        }
        rt::spawn(streams::consumer::run_retries(base.db.clone(), consumer, shutdown.clone()));
        rt::spawn(deliveries::worker::run(deps.clone(), shutdown.clone()));
        rt::spawn(Arc::clone(&deps.notifier).listen(shutdown.clone()));
    }
}
