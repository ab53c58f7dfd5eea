//! Commands of the gateway's binary.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use contracts::Service;
use platform::{
    command::{ask_health, ended_by_signal, install_crypto, print_reference},
    config::{HttpConfig, Settings},
    http::{health, leaving},
    telemetry, worker,
};

use crate::{builtin, config::GatewayConfig, routes::merged, server, state::Gateway};

/// A command.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Serve until SIGTERM.
    Serve,
    /// Print the OpenAPI document of all services that can be reached.
    Openapi {
        /// Read the services' documents from this directory; neither services nor secrets are needed
        #[arg(long, value_name = "DIRECTORY")]
        from: Option<PathBuf>,
    },
    /// Print every setting, its default and its meaning.
    Config,
    /// Ask the running process whether it is ready; exit 0 if so.
    Health,
}

/// Runs a command.
///
/// # Errors
/// Whatever kept it from being carried out.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve => {
            let outcome = serve().await;
            telemetry::flush();
            outcome
        }
        Command::Openapi { from: Some(directory) } => print_merged(&directory),
        Command::Openapi { from: None } => print_document().await,
        Command::Config => {
            let mut settings = Settings::from_env();
            GatewayConfig::read(&mut settings);
            print_reference(&settings)
        }
        Command::Health => {
            ask_health(HttpConfig::read(&mut Settings::from_env(), Service::Gateway).addr).await
        }
    }
}

fn configured() -> anyhow::Result<GatewayConfig> {
    let mut settings = Settings::from_env();
    let config = GatewayConfig::read(&mut settings);
    Ok(settings.finish(config)?)
}

async fn serve() -> anyhow::Result<()> {
    let config = configured()?;
    telemetry::init(Service::Gateway, &config.log)?;
    install_crypto();
    health::collect_metrics();
    let (trigger, shutdown) = worker::shutdown();
    let drain = config.http.drain;
    let gateway = Gateway::new(config, shutdown.clone())?;
    let health = builtin::health(&gateway);
    let inner = server::start_inner(&gateway, &health)?;
    actix_web::rt::spawn(inner.done);
    let serving = server::start(&gateway, &health)?;
    server::spawn_background(&gateway, &shutdown);
    tracing::info!(service = %Service::Gateway, http.addr = %serving.addr, inner.addr = %inner.addr, "serving");
    let handle = serving.handle.clone();
    actix_web::rt::spawn(async move {
        if let Err(error) = ended_by_signal().await {
            tracing::error!(%error, "signals cannot be listened for");
        }
        leaving::drain(&health, drain).await;
        // Stopping begins when the future is made: clients with an ending stream reconnect to a process that stays.
        let stopped = handle.stop(true);
        trigger.trigger();
        stopped.await;
    });
    serving.done.await?;
    inner.handle.stop(false).await;
    tracing::info!(service = %Service::Gateway, "ended");
    Ok(())
}

async fn print_document() -> anyhow::Result<()> {
    install_crypto();
    let (_trigger, shutdown) = worker::shutdown();
    let gateway: Arc<Gateway> = Gateway::new(configured()?, shutdown)?;
    for service in Service::OWNERS_OF_DATA {
        if let Err(reason) = gateway.routes.load(&gateway.peers, service).await {
            writeln!(std::io::stderr(), "{service} is left out: {reason}")?;
        }
    }
    std::io::stdout().write_all(gateway.routes.table().schema(&gateway.config.public_url))?;
    Ok(())
}

fn print_merged(directory: &Path) -> anyhow::Result<()> {
    let mut settings = Settings::from_env();
    let public_url = GatewayConfig::public_url(&mut settings);
    let public_url = settings.finish(public_url)?;
    let document = merged::schema(&merged::documents(directory)?, &public_url);
    writeln!(std::io::stdout(), "{document}")?;
    Ok(())
}
