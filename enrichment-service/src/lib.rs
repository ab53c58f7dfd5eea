//! enrichment-service: finds out about accounts what the outside world says, with provenance.

pub mod accounts;
pub mod adapters;
pub mod answers;
pub mod asking;
mod cells;
mod columns;
mod config;
mod deps;
pub mod jobs;
mod linkedin;
mod money;
pub mod providers;
pub mod raw_records;
mod records;
mod routes;
mod runs;
mod schema;
mod starting;
mod usage;
mod waterfalls;
pub mod worker;

use std::rc::Rc;

use actix_web::{rt, web};
use contracts::Service;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use platform::{
    command::{self, App, Base, BaseConfig},
    config::Settings,
    http::Routes,
    streams,
    worker::Shutdown,
};

pub use config::Config;
pub use deps::Deps;

/// The service, for its main function and for tests.
pub struct Enrichment;

impl App for Enrichment {
    const SERVICE: Service = Service::Enrichment;
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
        Deps::new(config, base)
    }

    fn spawn_background(deps: &web::Data<Deps>, base: &Base, shutdown: &Shutdown) {
        let consumer = Rc::new(accounts::AccountEvents);
        command::consume(base, Service::Lead, &consumer, shutdown);
        rt::spawn(streams::consumer::run_retries(base.db.clone(), consumer, shutdown.clone()));
        rt::spawn(worker::run(deps.clone(), shutdown.clone()));
        rt::spawn(providers::furnishing::run(base.db.clone(), shutdown.clone()));
        rt::spawn(worker::make_partitions(base.db.clone(), shutdown.clone()));
    }
}
