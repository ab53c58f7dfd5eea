//! The schemas that tenants have to themselves: made and brought up to date by the migrations that made `public`.

use anyhow::Context;
use contracts::{Service, TenantId};
use diesel::{
    Connection, QueryableByName,
    connection::SimpleConnection,
    migration::MigrationSource,
    pg::Pg,
    sql_types::{Integer, Text, Uuid as SqlUuid},
};
use diesel_async::{
    AsyncConnection, AsyncPgConnection, RunQueryDsl, async_connection_wrapper::AsyncConnectionWrapper,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use futures::{StreamExt, stream};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::placement::quoted;

/// How many schemas are migrated at once.
const AT_ONCE: usize = 4;

/// A service's migrations, in the order in which they run.
pub type Migrations = fn() -> Vec<EmbeddedMigrations>;

/// Makes and migrates tenants' schemas in one database.
#[derive(Clone)]
pub struct TenantSchemas {
    service: Service,
    owner_url: SecretString,
    migrations: Migrations,
}

/// What became of a migration of many schemas.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Schemas that are up to date now.
    pub current: usize,
    /// Those that are not, with the reason.
    pub broken: Vec<(String, String)>,
}

/// A tenant with a schema of its own.
#[derive(Clone, Debug, QueryableByName)]
pub struct Placed {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = Text)]
    client_id: String,
    #[diesel(sql_type = Text)]
    schema_name: String,
}

/// How many migrations there are: what a schema must have seen to be served by this process.
pub fn level(migrations: Migrations) -> i32 {
    let count = |source| MigrationSource::<Pg>::migrations(&source).map_or(0, |found| found.len());
    i32::try_from(migrations().into_iter().map(count).sum::<usize>()).unwrap_or(i32::MAX)
}

impl TenantSchemas {
    /// Works as the owner role.
    pub fn new(service: Service, owner_url: SecretString, migrations: Migrations) -> Self {
        Self { service, owner_url, migrations }
    }

    /// How many migrations a schema has seen that is up to date.
    pub fn level(&self) -> i32 {
        level(self.migrations)
    }

    /// A connection as the owner.
    pub(super) async fn connect(&self) -> anyhow::Result<AsyncPgConnection> {
        AsyncPgConnection::establish(self.owner_url.expose_secret())
            .await
            .context("the owner role cannot connect")
    }

    /// Makes the tenant's schema if there is none, and brings it up to date. All of it or nothing.
    ///
    /// # Errors
    /// When the database cannot be reached or a migration fails.
    pub async fn prepare(&self, tenant: TenantId, schema: &str) -> anyhow::Result<()> {
        let (url, migrations, schema) = (self.owner_url.clone(), self.migrations, schema.to_owned());
        tokio::task::spawn_blocking(move || migrate(url.expose_secret(), tenant, &schema, migrations)).await?
    }

    /// Every tenant with a schema of its own, or that one.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn placed(&self, only: Option<&str>) -> anyhow::Result<Vec<Placed>> {
        let placed = diesel::sql_query(
            "SELECT tenant_id, client_id, schema_name FROM tenant_states \
             WHERE schema_name IS NOT NULL AND ($1 = '' OR client_id = $1) ORDER BY client_id",
        )
        .bind::<Text, _>(only.unwrap_or_default())
        .load(&mut self.connect().await?)
        .await?;
        Ok(placed)
    }

    /// Brings these tenants' schemas up to date, a few at a time. What cannot be migrated stays as it is and does not
    /// keep the others waiting; run again, it is tried again.
    pub async fn migrate(&self, placed: Vec<Placed>) -> Outcome {
        let migrated = stream::iter(placed).map(|placed| async move {
            let done = self.prepare(TenantId(placed.tenant_id), &placed.schema_name).await;
            (placed, done)
        });
        let mut outcome = Outcome::default();
        let mut migrated = migrated.buffer_unordered(AT_ONCE);
        while let Some((placed, done)) = migrated.next().await {
            match done {
                Ok(()) => outcome.current += 1,
                Err(error) => {
                    let reason = format!("{error:#}");
                    tracing::error!(service = %self.service, tenant = placed.client_id, reason, "a tenant's schema is not migrated");
                    outcome.broken.push((placed.client_id, reason));
                }
            }
        }
        outcome
    }
}

#[derive(QueryableByName)]
struct Level {
    #[diesel(sql_type = Integer)]
    level: i32,
}

fn migrate(url: &str, tenant: TenantId, schema: &str, migrations: Migrations) -> anyhow::Result<()> {
    type Wrapped = AsyncConnectionWrapper<AsyncPgConnection>;
    let mut connection = <Wrapped as Connection>::establish(url).context("the owner role cannot connect")?;
    let place = quoted(schema);
    Connection::transaction(&mut connection, |connection: &mut Wrapped| {
        connection.batch_execute(&format!(
            "SET LOCAL lock_timeout = '20s'; \
             SELECT pg_advisory_xact_lock(hashtextextended('leadstream schema ' || '{schema}', 0)); \
             CREATE SCHEMA IF NOT EXISTS {place}; SET LOCAL search_path = {place}; \
             SELECT set_config('app.tenant_id', '{tenant}', true)"
        ))?;
        if seen(connection, schema)? < level(migrations) {
            connection.batch_execute(&format!("SELECT public.show_shared_tables('{schema}')"))?;
            for source in migrations() {
                MigrationHarness::<Pg>::run_pending_migrations(connection, source)
                    .map_err(|error| anyhow::anyhow!("a migration failed: {error}"))?;
            }
            connection.batch_execute(&format!("SELECT public.hide_shared_tables('{schema}')"))?;
        }
        let seen = seen(connection, schema)?;
        connection.batch_execute(&format!(
            "UPDATE public.tenant_states SET schema_level = {seen} \
             WHERE schema_name = '{schema}' AND schema_level <> {seen}"
        ))?;
        Ok(())
    })
}

/// How many migrations the schema has seen.
fn seen(connection: &mut AsyncConnectionWrapper<AsyncPgConnection>, schema: &str) -> anyhow::Result<i32> {
    let place = quoted(schema);
    let count = |sql: String, connection: &mut _| {
        diesel::RunQueryDsl::get_result::<Level>(diesel::sql_query(sql), connection).map(|found| found.level)
    };
    let is_new =
        format!("SELECT (to_regclass('{place}.__diesel_schema_migrations') IS NULL)::integer AS level");
    if count(is_new, connection)? == 1 {
        return Ok(0);
    }
    Ok(count(
        format!("SELECT count(*)::integer AS level FROM {place}.__diesel_schema_migrations"),
        connection,
    )?)
}
