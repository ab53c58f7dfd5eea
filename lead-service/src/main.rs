//! The lead-service process.

use clap::Parser;
use lead_service::LeadService;
use platform::command::{self, Command};

/// Leads, accounts, products and the keys with which leads are handed in.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    command::run::<LeadService>(Arguments::parse().command).await
}
