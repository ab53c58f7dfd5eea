//! auth-service: users, their sessions, and the tokens that prove who somebody is.

pub mod access_tokens;
pub mod admins;
pub mod config;
pub mod deps;
pub mod greetings;
pub mod housekeeping;
pub mod passwords;
pub mod registrations;
pub mod revocations;
mod routes;
mod schema;
pub mod sessions;
pub mod signing_keys;
pub mod users;

use actix_web::web::Data;
use contracts::Service;
use diesel_migrations::EmbeddedMigrations;
use platform::{
    command::{App, Base, BaseConfig},
    config::Settings,
    http::Routes,
    worker::Shutdown,
};

use config::Config;
use deps::Deps;

/// The service.
pub struct Auth;

impl App for Auth {
    const SERVICE: Service = deps::SERVICE;
    const MIGRATIONS: EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");
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
        Deps::open(config, base).await
    }

    fn spawn_background(deps: &Data<Deps>, _base: &Base, shutdown: &Shutdown) {
        actix_web::rt::spawn(registrations::worker::run(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(housekeeping::run(deps.clone(), shutdown.clone()));
    }
}
