//! Databases and roles, made by the same SQL file that the compose file gives to its PostgreSQL.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::postgres::{Cluster, SUPERUSER};
use crate::secrets::Secrets;
use crate::workspace;

/// The file, seen from the root of the clone.
const FILE: &str = "deploy/postgres/bootstrap.sql";

/// Makes the five databases with three roles each, or brings existing ones to the same state. Passwords travel in the
/// environment: arguments are visible to every user of the machine.
pub fn bootstrap(cluster: &Cluster, secrets: &Secrets) -> Result<()> {
    let passwords = secrets
        .databases
        .iter()
        .map(|(name, password)| (format!("{}_DATABASE_PASSWORD", name.to_uppercase()), password));
    let output = Command::new(cluster.binaries.join("psql"))
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-f"])
        .arg(workspace::root().join(FILE))
        .envs(passwords)
        .env("PGHOST", "127.0.0.1")
        .env("PGPORT", cluster.port.to_string())
        .env("PGUSER", SUPERUSER)
        .env("PGPASSWORD", &secrets.postgres)
        .env("PGCONNECT_TIMEOUT", "10")
        .stdin(Stdio::null())
        .output()
        .context("can't run psql")?;
    if !output.status.success() {
        bail!("the databases can't be made: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
