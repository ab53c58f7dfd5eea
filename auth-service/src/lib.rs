//! auth-service: users, their sessions, and the tokens that identify them.

pub mod access_tokens;
pub mod admins;
pub mod attempts;
pub mod config;
pub mod cookie_sessions;
mod customers;
pub mod deps;
pub mod greetings;
pub mod housekeeping;
pub mod identities;
pub mod mails;
pub mod one_time_tokens;
pub mod passwords;
pub mod proofs;
pub mod registrations;
pub mod revocations;
mod routes;
mod schema;
pub mod second_factors;
pub mod secrets;
pub mod security_events;
pub mod service_accounts;
pub mod sessions;
pub mod signing_keys;
pub mod turns;
pub mod users;
pub mod verifications;

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
        actix_web::rt::spawn(access_tokens::keep_current(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(mails::worker::run(deps.clone(), shutdown.clone()));
        actix_web::rt::spawn(proofs::worker::run(deps.clone(), shutdown.clone()));
        if let Some(addr) = deps.mailbox_addr
            && let Err(error) = mails::mailbox::start(deps.clone(), addr, shutdown.clone())
        {
            tracing::error!(%error, %addr, "the development mailbox cannot be served");
        }
    }
}
