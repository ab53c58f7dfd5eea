//! One process's hold on one tenant's move: an owner's connection that sees this tenant's rows in both places.
//!
//! An advisory lock of that very connection keeps every other process out. When it breaks, the lock, and whatever was
//! not committed, goes with it.

use std::time::{Duration, Instant};

use contracts::{
    TenantId,
    internal::tenants::{Isolation, MoveTenant},
};
use diesel::{
    OptionalExtension, QueryableByName,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use super::tables::{self, Table};
use crate::{
    db::{placement, schemas::TenantSchemas},
    http::problem::Problem,
};

/// The shared schema.
const PUBLIC: &str = "public";
/// How long writes may be paused. Past it they go on, and the move with what changed since.
const PAUSE: Duration = Duration::from_secs(12);
/// How long transactions that began before a pause may take to end.
const PATIENCE: Duration = Duration::from_secs(4);
const LOOK: Duration = Duration::from_millis(15);

/// A tenant's move, held by this process.
pub struct Mover {
    connection: AsyncPgConnection,
    tenant: TenantId,
    /// The tenant's schema, whether it is there or not.
    schema: String,
    to: Isolation,
    /// When the pause of writes has to be over, while there is one.
    deadline: Option<Instant>,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = Nullable<Text>)]
    schema_name: Option<String>,
}

#[derive(QueryableByName)]
struct Token {
    #[diesel(sql_type = Text)]
    token: String,
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = Text)]
    sum: String,
}

/// A table with rows that differ between the places.
struct Difference<'t> {
    table: &'t Table,
    there: String,
    here: String,
}

impl Mover {
    /// Takes hold of the tenant's move; none when another process has it.
    ///
    /// # Errors
    /// 404 for a tenant that this service does not know, 409 when a later order was given meanwhile.
    pub async fn hold(schemas: &TenantSchemas, order: &MoveTenant) -> Result<Option<Self>, Problem> {
        let tenant = order.tenant_id;
        let mut connection =
            schemas.connect().await.map_err(|error| Problem::unavailable(format!("{error:#}")))?;
        connection
            .batch_execute(&format!(
                "SET TimeZone = 'UTC'; SET lock_timeout = '5s'; SET jit = off; \
                 SELECT set_config('app.tenant_id', '{tenant}', false), set_config('app.moving', 'on', false)"
            ))
            .await?;
        let Answer { answer: is_ours } = diesel::sql_query(
            "SELECT pg_try_advisory_lock(hashtextextended('leadstream move ' || $1::text, 0)) AS answer",
        )
        .bind::<SqlUuid, _>(tenant.0)
        .get_result(&mut connection)
        .await?;
        if !is_ours {
            return Ok(None);
        }
        let heeded: Option<Answer> = diesel::sql_query(
            "UPDATE tenant_states SET move_order = greatest(move_order, $2) WHERE tenant_id = $1 \
             RETURNING move_order <= $2 AS answer",
        )
        .bind::<SqlUuid, _>(tenant.0)
        .bind::<BigInt, _>(order.order)
        .get_result(&mut connection)
        .await
        .optional()?;
        match heeded {
            None => return Err(Problem::not_found()),
            Some(Answer { answer: false }) => {
                return Err(Problem::conflict("move_superseded", "A later order to move was given."));
            }
            Some(Answer { answer: true }) => {}
        }
        let schema = placement::schema_name(&order.client_id);
        Ok(Some(Self { connection, tenant, schema, to: order.to, deadline: None }))
    }

    /// The other place's name and the new one's.
    fn places(&self) -> (String, String) {
        let own = self.schema.clone();
        match self.to {
            Isolation::Schema => (PUBLIC.to_owned(), own),
            Isolation::Pool => (own, PUBLIC.to_owned()),
        }
    }

    /// Whether the tenant is served from the new place already.
    pub async fn is_there(&mut self) -> Result<bool, Problem> {
        let Place { schema_name } =
            diesel::sql_query("SELECT schema_name FROM tenant_states WHERE tenant_id = $1")
                .bind::<SqlUuid, _>(self.tenant.0)
                .get_result(&mut self.connection)
                .await?;
        Ok(schema_name.is_some() == (self.to == Isolation::Schema))
    }

    /// Makes the new place's rows those that the old one has at one moment, while the tenant goes on.
    pub async fn copy(&mut self) -> Result<(), Problem> {
        self.connection.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
        let copied = self.take_over().await;
        self.end(copied).await
    }

    /// Takes over what changed since the last copy while writes go on; then pauses them, takes over what came since, compares
    /// and switches, or leaves everything as it is.
    ///
    /// # Errors
    /// 422 `verification_failed` when both places differ although they should not; 503 when the tenant's transactions
    /// do not come to an end, or the pause was too short.
    pub async fn switch(&mut self) -> Result<(), Problem> {
        self.copy().await?;
        let token = self.pause().await?;
        self.deadline = Some(Instant::now() + PAUSE);
        let switched = self.switch_paused(&token).await;
        self.deadline = None;
        if switched.is_err() {
            // Otherwise the pause ends by itself.
            let resumed =
                diesel::sql_query("UPDATE tenant_states SET writes_paused_until = NULL WHERE tenant_id = $1")
                    .bind::<SqlUuid, _>(self.tenant.0)
                    .execute(&mut self.connection)
                    .await;
            if let Err(error) = resumed {
                tracing::warn!(%error, tenant.id = %self.tenant, "a tenant's writes stay paused for some seconds");
            }
        }
        switched
    }

    async fn pause(&mut self) -> Result<String, Problem> {
        let Token { token } = diesel::sql_query(
            "UPDATE tenant_states SET writes_paused_until = clock_timestamp() + make_interval(secs => $2) \
             WHERE tenant_id = $1 RETURNING writes_paused_until::text AS token",
        )
        .bind::<SqlUuid, _>(self.tenant.0)
        .bind::<diesel::sql_types::Double, _>(PAUSE.as_secs_f64())
        .get_result(&mut self.connection)
        .await?;
        Ok(token)
    }

    async fn switch_paused(&mut self, token: &str) -> Result<(), Problem> {
        self.drain(PATIENCE).await?;
        self.connection.batch_execute("BEGIN").await?;
        let switched = self.compare_and_switch(token).await;
        self.end(switched).await
    }

    /// In a transaction that began after the last write ended and blocks further writes.
    async fn compare_and_switch(&mut self, token: &str) -> Result<(), Problem> {
        let still: Option<Token> = diesel::sql_query(
            "SELECT writes_paused_until::text AS token FROM tenant_states \
             WHERE tenant_id = $1 AND writes_paused_until IS NOT NULL FOR UPDATE",
        )
        .bind::<SqlUuid, _>(self.tenant.0)
        .get_result(&mut self.connection)
        .await
        .optional()?;
        if still.is_none_or(|still| still.token != token) {
            return Err(Problem::unavailable("the pause of writes ended before the switch"));
        }
        let tables = tables::of(&mut self.connection, &self.schema).await?;
        let all: Vec<&Table> = tables.iter().collect();
        let differences = self.compare(&all).await?;
        if !differences.is_empty() {
            let changed: Vec<&Table> = differences.into_iter().map(|difference| difference.table).collect();
            self.even_out(&changed).await?;
            if let Some(Difference { table, there, here }) = self.compare(&changed).await?.as_slice().first()
            {
                tracing::error!(tenant.id = %self.tenant, table = table.name, there, here, "a move went wrong");
                let detail =
                    format!("Table {} has {there} in one place and {here} in the other.", table.name);
                return Err(Problem::unprocessable("verification_failed", detail));
            }
        }
        self.serve_from_target().await
    }

    async fn serve_from_target(&mut self) -> Result<(), Problem> {
        let (schema, level) = match self.to {
            Isolation::Pool => (None, "0".to_owned()),
            Isolation::Schema => {
                let seen = placement::quoted(&self.schema);
                (Some(&self.schema), format!("(SELECT count(*) FROM {seen}.__diesel_schema_migrations)"))
            }
        };
        diesel::sql_query(format!(
            "UPDATE tenant_states SET schema_name = $2, schema_level = {level}, writes_paused_until = NULL, \
             updated_at = now() WHERE tenant_id = $1"
        ))
        .bind::<SqlUuid, _>(self.tenant.0)
        .bind::<Nullable<Text>, _>(schema)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Deletes the rows in the place that the tenant is no longer served from, once no transaction reads them.
    pub async fn clear(&mut self) -> Result<(), Problem> {
        self.drain(PATIENCE).await?;
        let tables = match self.to {
            Isolation::Schema => tables::of(&mut self.connection, &self.schema).await?,
            Isolation::Pool => Vec::new(),
        };
        self.connection.batch_execute("BEGIN; SET CONSTRAINTS ALL DEFERRED").await?;
        let cleared = self.clear_source(&tables).await;
        self.end(cleared).await
    }

    async fn clear_source(&mut self, tables: &[Table]) -> Result<(), Problem> {
        let Answer { answer: is_unused } = diesel::sql_query(
            "SELECT (schema_name IS NOT NULL) = $2 AS answer FROM tenant_states WHERE tenant_id = $1 FOR UPDATE",
        )
        .bind::<SqlUuid, _>(self.tenant.0)
        .bind::<Bool, _>(self.to == Isolation::Schema)
        .get_result(&mut self.connection)
        .await?;
        if !is_unused {
            return Err(Problem::conflict(
                "still_served",
                "The tenant is served from what was to be cleared.",
            ));
        }
        for table in tables {
            self.connection.batch_execute(&table.clear(self.tenant, PUBLIC)).await?;
        }
        if self.to == Isolation::Pool {
            let schema = placement::quoted(&self.schema);
            self.connection.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await?;
        }
        Ok(())
    }

    /// Makes the target's rows the source's, within a transaction. References are checked when it ends.
    async fn take_over(&mut self) -> Result<(), Problem> {
        let (source, target) = self.places();
        let tables = tables::of(&mut self.connection, &self.schema).await?;
        self.connection.batch_execute("SET CONSTRAINTS ALL DEFERRED").await?;
        for table in &tables {
            self.connection.batch_execute(&table.delete_stale(self.tenant, &source, &target)).await?;
        }
        for table in &tables {
            self.connection.batch_execute(&table.insert_missing(self.tenant, &source, &target)).await?;
        }
        Ok(())
    }

    /// The same for some tables, during the pause: in one message and as one statement, for each message takes a turn of a
    /// process that is busy refusing writes, and all of it has to fit into what is left of the pause.
    async fn even_out(&mut self, tables: &[&Table]) -> Result<(), Problem> {
        let (source, target) = self.places();
        let statements = tables::even_out(tables, self.tenant, &source, &target);
        self.hurry().await?;
        let statement = format!("SET CONSTRAINTS ALL DEFERRED; DO $move$ BEGIN {statements} END $move$");
        self.connection.batch_execute(&statement).await?;
        Ok(())
    }

    /// Those of the tables in which the places differ, by number and digest of the tenant's rows.
    async fn compare<'t>(&mut self, tables: &[&'t Table]) -> Result<Vec<Difference<'t>>, Problem> {
        let (source, target) = self.places();
        let there = self.sums(tables, &source).await?;
        let here = self.sums(tables, &target).await?;
        if there.len() != tables.len() || here.len() != tables.len() {
            return Err(Problem::internal("a table was not compared"));
        }
        let mut differences = Vec::new();
        for ((&table, there), here) in tables.iter().zip(there).zip(here) {
            if there.sum != here.sum {
                differences.push(Difference { table, there: there.sum, here: here.sum });
            }
        }
        Ok(differences)
    }

    /// Number and digest of the tenant's rows of each table, in the order of the tables.
    async fn sums(&mut self, tables: &[&Table], place: &str) -> Result<Vec<Sum>, Problem> {
        self.hurry().await?;
        let sums = diesel::sql_query(tables::sums(tables, self.tenant, place));
        Ok(sums.load(&mut self.connection).await?)
    }

    /// Gives the next statement what is left of the pause.
    async fn hurry(&mut self) -> Result<(), Problem> {
        let Some(deadline) = self.deadline else { return Ok(()) };
        let left = deadline.saturating_duration_since(Instant::now()).as_millis().max(1);
        self.connection.batch_execute(&format!("SET LOCAL statement_timeout = {left}")).await?;
        Ok(())
    }

    async fn end(&mut self, outcome: Result<(), Problem>) -> Result<(), Problem> {
        match outcome {
            Ok(()) => self.connection.batch_execute("COMMIT").await.map_err(Problem::from),
            Err(problem) => {
                if let Err(error) = self.connection.batch_execute("ROLLBACK").await {
                    tracing::debug!(%error, "a transaction ended with its connection");
                }
                Err(problem)
            }
        }
    }

    /// Waits until every transaction of the application that runs now has ended. They are known by the locks that
    /// PostgreSQL has each of them hold on itself; those that begin later see what was committed before.
    async fn drain(&mut self, patience: Duration) -> Result<(), Problem> {
        const RUNNING: &str = "SELECT l.virtualxid AS token FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
             WHERE l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock' AND l.virtualxid = l.virtualtransaction \
             AND a.datname = current_database() AND a.usename = app_role()";
        let running: Vec<Token> = diesel::sql_query(RUNNING).load(&mut self.connection).await?;
        let mut running: Vec<String> = running.into_iter().map(|found| found.token).collect();
        let deadline = Instant::now() + patience;
        while !running.is_empty() {
            if Instant::now() > deadline {
                return Err(Problem::unavailable("transactions of the tenant do not come to an end"));
            }
            tokio::time::sleep(LOOK).await;
            let still: Vec<Token> =
                diesel::sql_query(format!("SELECT token FROM ({RUNNING}) running WHERE token = ANY($1)"))
                    .bind::<Array<Text>, _>(&running)
                    .load(&mut self.connection)
                    .await?;
            running = still.into_iter().map(|found| found.token).collect();
        }
        Ok(())
    }
}
