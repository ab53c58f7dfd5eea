//! A service with one queue: letters, with addresses that say how sending them goes.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use actix_web::web::Data;
use contracts::{Service, TenantId};
use diesel::{
    QueryableByName,
    sql_types::{Text, Uuid as SqlUuid},
};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use platform::{
    command::{App, Base, BaseConfig},
    config::Settings,
    db::Db,
    http::{Problem, Routes},
    jobs::{ACTIVE_TENANTS, Done, Failure, Job, Lease, Policy, Table, Turns},
    retry::Backoff,
    worker::Shutdown,
};
use testkit::TestApp;
use tokio::sync::Notify;
use uuid::Uuid;

/// Dependencies of the queue.
pub struct Deps {
    db: Db,
    policy: Mutex<Policy>,
    started: Mutex<Vec<TenantId>>,
    /// Wakes the worker.
    pub queued: Notify,
}

/// The service.
pub struct PostOffice;

impl App for PostOffice {
    const SERVICE: Service = Service::Lead;
    const MIGRATIONS: EmbeddedMigrations = embed_migrations!("tests/migrations");
    type Config = BaseConfig;
    type Deps = Deps;

    fn configure(settings: &mut Settings) -> BaseConfig {
        BaseConfig::read(settings, Self::SERVICE)
    }

    fn base(config: &BaseConfig) -> &BaseConfig {
        config
    }

    fn routes() -> Routes {
        Routes::tagged("letters")
    }

    async fn deps(_config: &BaseConfig, base: Base) -> anyhow::Result<Deps> {
        let backoff =
            Backoff { first: Duration::from_secs(60), factor: 2, longest: Duration::from_secs(600) };
        let policy = Policy {
            tries: Some(2),
            backoff,
            concurrency: 4,
            per_tenant: 4,
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(600),
        };
        Ok(Deps { db: base.db, policy: Mutex::new(policy), started: Mutex::default(), queued: Notify::new() })
    }

    fn spawn_background(_deps: &Data<Deps>, _base: &Base, _shutdown: &Shutdown) {}
}

/// A letter to be sent.
#[derive(QueryableByName)]
pub struct Letter {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = Text)]
    address: String,
}

impl Job for Letter {
    const NAME: &'static str = "letters";
    const TABLE: Table = Table {
        columns: "q.tenant_id, q.address",
        turns: Some(Turns { tenant: "tenant_id", only: ACTIVE_TENANTS }),
        ..Table::named("letters", "id")
    };
    type Deps = Deps;

    fn db(deps: &Deps) -> &Db {
        &deps.db
    }

    fn policy(deps: &Deps) -> Policy {
        *deps.policy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn woken(deps: &Deps) {
        deps.queued.notified().await;
    }

    async fn run(self, deps: &Deps, lease: &Lease) -> Result<Done, Failure> {
        deps.started.lock().unwrap_or_else(PoisonError::into_inner).push(TenantId(self.tenant_id));
        match self.address.as_str() {
            "known" => Ok(Done::Finished),
            "far" => Ok(Done::Again(Duration::from_secs(60))),
            "full" => Err(Failure::later(Duration::from_secs(60), "the letter box is full")),
            "wrong" => Err(Failure::lasting("there is no such address")),
            "unknown" => Err(Failure::passing("nothing is known of it")),
            "explosive" => panic!("a run that panics"),
            "near" => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                Ok(Done::Finished)
            }
            "endless" => std::future::pending().await,
            "own" => {
                deps.db
                    .in_tenant(TenantId(self.tenant_id), async |tx| {
                        assert!(lease.hold::<Self>(tx).await?);
                        diesel_async::SimpleAsyncConnection::batch_execute(
                            &mut **tx,
                            "UPDATE letters SET address = 'sent', next_attempt_at = NULL",
                        )
                        .await?;
                        Ok::<_, Problem>(())
                    })
                    .await?;
                Ok(Done::Settled)
            }
            other => Err(Failure::lasting(format!("{other:?} means nothing"))),
        }
    }
}

/// A running post office.
pub struct Stage {
    /// The service.
    pub app: TestApp<PostOffice>,
}

impl Stage {
    /// Starts it, with another policy.
    pub async fn start(change: impl FnOnce(&mut Policy)) -> Self {
        let app = TestApp::<PostOffice>::start().await;
        change(&mut app.deps.policy.lock().unwrap());
        Self { app }
    }

    /// Enqueues so many letters, due for so many seconds.
    pub async fn letters(&self, tenant: TenantId, address: &str, number: u32, due_for: u32) {
        let sql = format!(
            "INSERT INTO letters (tenant_id, address, next_attempt_at) \
             SELECT '{tenant}', '{address}', now() - interval '{due_for} seconds' FROM generate_series(1, {number})"
        );
        self.app.database.execute(&sql).await;
    }

    /// Enqueues one letter; gives its id.
    pub async fn letter(&self, address: &str) -> (TenantId, Uuid) {
        let (tenant, id) = (TenantId::new(), Uuid::now_v7());
        let sql =
            format!("INSERT INTO letters (id, tenant_id, address) VALUES ('{id}', '{tenant}', '{address}')");
        self.app.database.execute(&sql).await;
        (tenant, id)
    }

    /// Makes all letters due that are to be sent at all.
    pub async fn make_due(&self) {
        let sql = "UPDATE letters SET next_attempt_at = now() WHERE next_attempt_at IS NOT NULL";
        self.app.database.execute(sql).await;
    }

    /// How many letters there are of which this holds.
    pub async fn count(&self, condition: &str) -> i64 {
        let sql = format!("SELECT count(*) AS number FROM letters WHERE {condition}");
        self.app.database.number(&sql).await
    }

    /// The tenants of the runs that started, in their order.
    pub fn started(&self) -> Vec<TenantId> {
        self.app.deps.started.lock().unwrap().clone()
    }

    /// Waits until so many runs have started.
    pub async fn until_started(&self, number: usize) {
        for _ in 0..500 {
            if self.started().len() >= number {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} of {number} runs have started", self.started().len());
    }
}
