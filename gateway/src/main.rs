//! The gateway: the platform's single entry point.

use clap::Parser;

#[derive(Parser)]
#[command(name = "gateway", about = "The platform's single entry point", version)]
struct Cli {
    #[command(subcommand)]
    command: gateway::command::Command,
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    gateway::command::run(Cli::parse().command).await
}
