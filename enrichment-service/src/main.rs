//! The enrichment-service process.

use clap::Parser;
use enrichment_service::Enrichment;
use platform::command::{self, Command};

/// Enrichment jobs and their providers.
#[derive(Parser)]
#[command(name = "enrichment-service", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    command::run::<Enrichment>(Cli::parse().command).await
}
