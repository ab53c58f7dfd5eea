//! Migrations: run as the owner role, under a lock, so that replicas starting together do it once.

use anyhow::Context;
use contracts::Service;
use diesel::{Connection, connection::SimpleConnection, pg::Pg};
use diesel_async::{
    AsyncConnection, AsyncPgConnection, SimpleAsyncConnection,
    async_connection_wrapper::AsyncConnectionWrapper,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use secrecy::{ExposeSecret, SecretString};

/// Brings the database up to date. Gives the names of the migrations that ran.
///
/// # Errors
/// When the database cannot be reached or a migration fails; a failed one leaves nothing behind.
pub async fn run(
    service: Service,
    owner_url: &SecretString,
    migrations: EmbeddedMigrations,
) -> anyhow::Result<Vec<String>> {
    let url = owner_url.expose_secret().to_owned();
    let mut lock = AsyncPgConnection::establish(&url).await.context("the owner role cannot connect")?;
    lock.batch_execute(&format!("SELECT pg_advisory_lock(hashtext('leadstream migrations of {service}'))"))
        .await?;
    let ran = tokio::task::spawn_blocking(move || migrate(&url, migrations)).await?;
    // The lock goes with its connection.
    drop(lock);
    ran
}

fn migrate(url: &str, migrations: EmbeddedMigrations) -> anyhow::Result<Vec<String>> {
    type Wrapped = AsyncConnectionWrapper<AsyncPgConnection>;
    let mut connection = <Wrapped as Connection>::establish(url)?;
    let ran = MigrationHarness::<Pg>::run_pending_migrations(&mut connection, migrations)
        .map_err(|error| anyhow::anyhow!("a migration failed: {error}"))?;
    let ran = ran.into_iter().map(|version| version.to_string()).collect();
    SimpleConnection::batch_execute(
        &mut connection,
        "SELECT public.make_references_deferrable(current_schema())",
    )?;
    Ok(ran)
}
