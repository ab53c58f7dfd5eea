//! The integration-service process.

use clap::Parser;
use integration_service::Integration;
use platform::command::{self, Command};

/// Webhooks, deliveries, notifications.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    command::run::<Integration>(Cli::parse().command).await
}
