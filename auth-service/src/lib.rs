//! auth-service: users, their sessions, and the tokens that identify them.

pub mod administration;
pub mod config;
pub mod credentials;
pub mod deps;
pub mod greetings;
pub mod housekeeping;
pub mod mails;
pub mod registrations;
mod routes;
mod schema;
pub mod security_events;
pub mod service_accounts;
pub mod sessions;
pub mod tokens;
pub mod turns;
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
    const SERVICE: Service = Service::Auth;
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
        actix_web::rt::spawn(registrations::run_worker(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(housekeeping::run(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(tokens::keep_signing_key_current(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(mails::run_worker(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(credentials::run_proof_worker(deps.clone(), shutdown.clone()));
        if let Some(addr) = deps.mailbox_addr
            && let Err(error) = mails::start_mailbox(deps.clone(), addr, shutdown.clone())
        {
            tracing::error!(%error, %addr, "the development mailbox cannot be served");
        }
    }
}
