//! Connection pools and the transactions they lend.

use std::{sync::Arc, time::Duration};

use contracts::{Service, TenantId};
use diesel::connection::TransactionManagerStatus;
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection,
    TransactionManager, methods::LoadQuery,
};
use futures::FutureExt;
use tokio::sync::Notify;

use super::{
    entered::{self, Elsewhere, Entered},
    moving::Movers,
    placement,
    schemas::{self, Migrations, TenantSchemas},
    threads::{Terms, ThreadPools},
    tx::{GlobalTx, SystemTx, TenantTx},
};
use crate::{
    config::DatabaseConfig,
    http::{context, idempotency, problem::Problem, reply::Reply},
};

type Manager = <AsyncPgConnection as AsyncConnection>::TransactionManager;

/// A thread has at least as many, so that one long query does not hold up all its requests.
const LEAST_PER_THREAD: u32 = 2;

/// A service's database.
#[derive(Clone)]
pub struct Db {
    service: Service,
    app: ThreadPools,
    system: ThreadPools,
    recorded: Arc<Notify>,
    /// How many migrations this process was built with.
    level: i32,
    movers: Option<Movers>,
    elsewhere: Elsewhere,
}

impl Db {
    /// Opens both pools for a process of so many threads; connections are made when first needed.
    pub fn open(service: Service, config: &DatabaseConfig, threads: usize) -> Self {
        let threads = u32::try_from(threads).unwrap_or(u32::MAX).max(1);
        let app = ThreadPools::new(Terms {
            url: config.url.clone(),
            per_thread: config.pool_size.div_ceil(threads).max(LEAST_PER_THREAD),
            acquire_timeout: config.acquire_timeout,
            statement_timeout: config.statement_timeout,
        });
        // One thread does the background work; the others ask now and then whether the database answers.
        let system = ThreadPools::new(Terms {
            url: config.system_url.clone(),
            per_thread: config.system_pool_size,
            acquire_timeout: config.acquire_timeout,
            statement_timeout: Duration::from_secs(30),
        });
        Self {
            service,
            app,
            system,
            recorded: Arc::default(),
            level: 0,
            movers: None,
            elsewhere: Elsewhere::default(),
        }
    }

    /// The same, serving tenants in schemas of their own that have seen these migrations; it makes such schemas and
    /// moves tenants if the owner's address is configured.
    pub fn with_schemas(mut self, config: &DatabaseConfig, migrations: Migrations) -> Self {
        self.level = schemas::level(migrations);
        let owner = config.owner_url.clone();
        self.movers = owner.map(|url| Movers::new(TenantSchemas::new(self.service, url, migrations)));
        self
    }

    /// What moves tenants between schemas, and makes them.
    ///
    /// # Errors
    /// 422 when this process does not know the owner role.
    pub fn movers(&self) -> Result<&Movers, Problem> {
        self.movers.as_ref().ok_or_else(|| Problem {
            cause: Some("DATABASE_OWNER_URL is not set".into()),
            ..Problem::unprocessable(
                "isolation_not_available",
                "Tenants cannot have a schema of their own here.",
            )
        })
    }

    /// The service of this database.
    pub fn service(&self) -> Service {
        self.service
    }

    /// Runs `work` in a transaction that sees this tenant's rows only. Committed when it answers `Ok`.
    ///
    /// # Errors
    /// Those of `work`; 503 when no connection is free in time or the database is away.
    pub async fn in_tenant<T, E: From<Problem>>(
        &self,
        tenant: TenantId,
        work: impl AsyncFnOnce(&mut TenantTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut pooled = self.app.get().await?;
        let connection: &mut AsyncPgConnection = &mut pooled;
        begin(connection, &format!("BEGIN; {}", placement::enter(tenant, self.level))).await?;
        let mut tx = TenantTx { service: self.service, connection, tenant, recorded: false };
        let outcome = work(&mut tx).await;
        let recorded = tx.recorded;
        let outcome = finish(connection, outcome).await;
        if recorded && outcome.is_ok() {
            self.recorded.notify_one();
        }
        outcome
    }

    /// Runs `work`, which only reads, in a transaction that sees this tenant's rows only.
    ///
    /// What begins and ends the transaction is sent without waiting for its answer, so that a single statement costs one
    /// round trip. The database refuses to write in it.
    ///
    /// # Errors
    /// As [`Db::in_tenant`].
    pub async fn read<T, E: From<Problem>>(
        &self,
        tenant: TenantId,
        work: impl AsyncFnOnce(&mut TenantTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut pooled = self.app.get().await?;
        let connection: &mut AsyncPgConnection = &mut pooled;
        let begin = format!("BEGIN READ ONLY; {}", placement::enter(tenant, self.level));
        send(connection, &begin)?;
        // A connection that is let go before its transaction has ended is not lent again.
        *Manager::transaction_manager_status_mut(connection) = TransactionManagerStatus::InError;
        let mut outcome =
            work(&mut TenantTx { service: self.service, connection, tenant, recorded: false }).await;
        send(connection, "COMMIT")?;
        if outcome.is_err() {
            // It may have failed because the tenant could not be entered; that result was not awaited.
            let entered = connection.batch_execute(&begin).await;
            send(connection, "ROLLBACK")?;
            if let Err(error) = entered {
                outcome = Err(Problem::from(error).into());
            }
        }
        *Manager::transaction_manager_status_mut(connection) = TransactionManagerStatus::default();
        outcome
    }

    /// Reads a tenant's rows with one statement that is its own transaction: one round trip, and nothing for the database
    /// to do but to read. A tenant with a schema of its own is read in a transaction.
    ///
    /// # Errors
    /// As [`Db::in_tenant`].
    pub async fn look_up<Q, R>(&self, tenant: TenantId, query: Q) -> Result<Vec<R>, Problem>
    where
        Q: LoadQuery<'static, AsyncPgConnection, R> + Clone + 'static,
        Entered<Q>: LoadQuery<'static, AsyncPgConnection, R>,
        R: Send,
    {
        if !self.elsewhere.may_be(tenant) {
            let mut pooled = self.app.get().await?;
            let connection: &mut AsyncPgConnection = &mut pooled;
            // As in `read`: one that is let go before its answer came is not lent again.
            *Manager::transaction_manager_status_mut(connection) = TransactionManagerStatus::InError;
            let found = RunQueryDsl::load(Entered::new(tenant, query.clone()), connection).await;
            *Manager::transaction_manager_status_mut(connection) = TransactionManagerStatus::default();
            match found.map_err(Problem::from) {
                Err(problem) if entered::is_elsewhere(&problem) => self.elsewhere.note(tenant),
                found => return found,
            }
        }
        self.read(tenant, async |tx| Ok(RunQueryDsl::load(query, &mut **tx).await?)).await
    }

    /// Enters the transaction's tenant again, after its placement was written in this very transaction.
    pub(crate) async fn enter_again(&self, tx: &mut TenantTx<'_>) -> Result<(), Problem> {
        let enter = placement::enter(tx.tenant, self.level);
        tx.connection.batch_execute(&enter).await.map_err(Problem::from)
    }

    /// Runs `work` for each of several tenants in one transaction: they share a commit, each sees its own rows only.
    ///
    /// # Errors
    /// As [`Db::in_tenant`]; one failure undoes all.
    pub async fn in_tenants<W, T>(
        &self,
        portions: impl IntoIterator<Item = (TenantId, W)>,
        work: impl AsyncFn(&mut TenantTx<'_>, W) -> Result<T, Problem>,
    ) -> Result<Vec<T>, Problem> {
        let mut pooled = self.app.get().await?;
        let connection: &mut AsyncPgConnection = &mut pooled;
        let mut begun = false;
        let mut recorded = false;
        let mut outcome = Ok(Vec::new());
        for (tenant, portion) in portions {
            let enter = placement::enter(tenant, self.level);
            let entered = if begun {
                let leave = "SET LOCAL search_path = public";
                connection.batch_execute(&format!("{leave}; {enter}")).await.map_err(Problem::from)
            } else {
                begin(connection, &format!("BEGIN; {enter}")).await
            };
            if let (Err(problem), false) = (&entered, begun) {
                return Err(problem.clone());
            }
            begun = true;
            let mut tx = TenantTx { service: self.service, connection, tenant, recorded: false };
            let done = match entered {
                Ok(()) => work(&mut tx, portion).await,
                Err(problem) => Err(problem),
            };
            recorded |= tx.recorded;
            match (done, &mut outcome) {
                (Ok(value), Ok(values)) => values.push(value),
                (Err(problem), outcome) => {
                    *outcome = Err(problem);
                    break;
                }
                (Ok(_), Err(_)) => break,
            }
        }
        if !begun {
            return outcome;
        }
        let outcome = finish(connection, outcome).await;
        if recorded && outcome.is_ok() {
            self.recorded.notify_one();
        }
        outcome
    }

    /// Runs `work` like [`Db::in_tenant`], once per `Idempotency-Key` of the current request: the answer is stored in
    /// the same transaction and given again when the key comes back.
    ///
    /// # Errors
    /// As [`Db::in_tenant`]; 409 while the first request with the key runs, 422 when its body was another.
    pub async fn once<R: Reply>(
        &self,
        tenant: TenantId,
        work: impl AsyncFnOnce(&mut TenantTx<'_>) -> Result<R, Problem>,
    ) -> Result<idempotency::Answer<R>, Problem> {
        let Some(claim) = context::current().as_deref().and_then(idempotency::Claim::of) else {
            return self.in_tenant(tenant, work).await.map(idempotency::Answer::Fresh);
        };
        self.in_tenant(tenant, async |tx| {
            if let Some(stored) = claim.find(tx).await? {
                return Ok(idempotency::Answer::Replayed(stored));
            }
            let parts = work(tx).await?.into_parts();
            claim.keep(tx, &parts).await?;
            Ok(idempotency::Answer::Kept(parts))
        })
        .await
    }

    /// Runs `work` like [`Db::in_global`], once per `Idempotency-Key` of the current request.
    ///
    /// # Errors
    /// As [`Db::once`].
    pub async fn once_global<R: Reply>(
        &self,
        work: impl AsyncFnOnce(&mut GlobalTx<'_>) -> Result<R, Problem>,
    ) -> Result<idempotency::Answer<R>, Problem> {
        let Some(claim) = context::current().as_deref().and_then(idempotency::Claim::of) else {
            return self.in_global(work).await.map(idempotency::Answer::Fresh);
        };
        self.in_tenant(claim.place(), async |tx| {
            if let Some(stored) = claim.find(tx).await? {
                return Ok(idempotency::Answer::Replayed(stored));
            }
            let parts = work(&mut GlobalTx { connection: &mut *tx.connection }).await?.into_parts();
            claim.keep(tx, &parts).await?;
            Ok(idempotency::Answer::Kept(parts))
        })
        .await
    }

    /// Runs `work` in a transaction of the application role without a tenant.
    ///
    /// # Errors
    /// As [`Db::in_tenant`].
    pub async fn in_global<T, E: From<Problem>>(
        &self,
        work: impl AsyncFnOnce(&mut GlobalTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut pooled = self.app.get().await?;
        let connection: &mut AsyncPgConnection = &mut pooled;
        begin(connection, "BEGIN").await?;
        let outcome = work(&mut GlobalTx { connection }).await;
        finish(connection, outcome).await
    }

    /// Runs `work` in a transaction of the system role: relays and workers only.
    ///
    /// # Errors
    /// As [`Db::in_tenant`].
    pub async fn in_system<T, E: From<Problem>>(
        &self,
        work: impl AsyncFnOnce(&mut SystemTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut pooled = self.system.get().await?;
        let connection: &mut AsyncPgConnection = &mut pooled;
        begin(connection, "BEGIN").await?;
        let outcome = work(&mut SystemTx { connection }).await;
        finish(connection, outcome).await
    }

    /// Waits until this process has committed an event.
    pub async fn event_recorded(&self) {
        self.recorded.notified().await;
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Problem> {
        let mut pooled = self.system.get().await?;
        pooled.batch_execute("SELECT 1").await.map_err(Problem::from)
    }

    /// Asserts that what is acknowledged is on disk: `fsync`, `synchronous_commit` and `full_page_writes` are on.
    ///
    /// # Errors
    /// When one of them is off, by name.
    pub async fn assert_durable(&self) -> anyhow::Result<()> {
        #[derive(diesel::QueryableByName)]
        struct Off {
            #[diesel(sql_type = diesel::sql_types::Text)]
            name: String,
        }
        let mut pooled = self.system.get().await?;
        let off: Vec<Off> = diesel::sql_query(
            "SELECT name FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') \
             AND setting = 'off'",
        )
        .load(&mut *pooled)
        .await?;
        let names: Vec<&str> = off.iter().map(|off| off.name.as_str()).collect();
        anyhow::ensure!(
            names.is_empty(),
            "PostgreSQL would lose acknowledged data: {} off",
            names.join(", ")
        );
        Ok(())
    }

    /// Connections in use and open, by pool.
    pub fn pool_states(&self) -> [(&'static str, (u32, u32)); 2] {
        [("app", self.app.state()), ("system", self.system.state())]
    }
}

async fn begin(connection: &mut AsyncPgConnection, sql: &str) -> Result<(), Problem> {
    let begun = AnsiTransactionManager::begin_transaction_sql(connection, sql).await;
    if let Err(error) = begun {
        // What follows BEGIN may have failed, and the next borrower shall not find a transaction open.
        if let Err(rollback) = connection.batch_execute("ROLLBACK").await {
            tracing::debug!(error = %rollback, "a transaction that did not begin cannot be ended");
        }
        return Err(error.into());
    }
    Ok(())
}

/// Sends a statement ahead of those that follow on the connection. Were it to fail, so would they: outside a tenant's
/// transaction no row is seen.
fn send(connection: &AsyncPgConnection, sql: &str) -> Result<(), Problem> {
    let mut connection = connection;
    match connection.batch_execute(sql).now_or_never() {
        Some(outcome) => outcome.map_err(Problem::from),
        None => Ok(()),
    }
}

async fn finish<T, E: From<Problem>>(
    connection: &mut AsyncPgConnection,
    outcome: Result<T, E>,
) -> Result<T, E> {
    match outcome {
        Ok(value) => {
            Manager::commit_transaction(connection).await.map_err(Problem::from)?;
            Ok(value)
        }
        Err(error) => {
            if let Err(rollback) = Manager::rollback_transaction(connection).await {
                tracing::warn!(error = %rollback, "a rollback failed; the connection is given up");
            }
            Err(error)
        }
    }
}
