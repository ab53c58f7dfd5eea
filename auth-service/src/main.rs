//! auth-service: the process.

use auth_service::{Auth, administration};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(version, about = "Users, sessions and signing keys of Leadstream")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(flatten)]
    Service(platform::command::Command),
    /// Make a platform admin, or set an existing one's password; the password is read from standard input.
    CreateAdmin(administration::CreateAdmin),
    /// Sign with a new key and seal stored secrets again; sessions go on.
    RotateKeys(administration::RotateKeys),
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Service(command) => platform::command::run::<Auth>(command).await,
        Command::CreateAdmin(admin) => admin.run().await,
        Command::RotateKeys(rotation) => rotation.run().await,
    }
}
