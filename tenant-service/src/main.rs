//! The tenant-service process.

use clap::Parser;
use platform::command::{self, Command};
use tenant_service::TenantService;

/// Tenants, who belongs to them, and what they may do there.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    command::run::<TenantService>(Arguments::parse().command).await
}
