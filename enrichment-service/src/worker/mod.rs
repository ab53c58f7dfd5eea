//! Works through jobs: the queue is the table `jobs` ([`platform::jobs`]).

mod cells;
mod ending;
mod fill;
mod folding;
mod linkedin;
mod people;
mod scene;

use std::{sync::Arc, time::Duration};

use actix_web::web::Data;
use contracts::{
    TenantId,
    internal::enrichments::{EnrichmentType, JobSubject},
};
use diesel::{
    QueryableByName,
    sql_types::{Bool, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, Db},
    http::context::RequestContext,
    jobs::{self, Done, End, Job, Lease, PROVEN_TENANTS, Policy, Table, Turns},
    worker::Shutdown,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{adapters::Failure, deps::Deps, jobs::domain::TRIES, money::Amount};
use ending::{Ending, Outcome};
pub use fill::unavailable;

/// A job about to run.
#[derive(Clone, Debug, QueryableByName)]
pub struct EnrichmentJob {
    /// Id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    subject_type: String,
    /// Its subject.
    #[diesel(sql_type = SqlUuid)]
    pub subject_id: Uuid,
    /// The input that it was started with.
    #[diesel(sql_type = Jsonb)]
    pub input: Value,
    /// Who started it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub started_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    request_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    traceparent: Option<String>,
    /// Its run.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub run_id: Option<Uuid>,
    /// The waterfall that it was started with.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub waterfall_id: Option<Uuid>,
    /// The column that it answers.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub column_id: Option<Uuid>,
    /// Whether kept answers are passed by.
    #[diesel(sql_type = Bool)]
    pub force: bool,
    /// Cost of its earlier runs.
    #[diesel(sql_type = Numeric)]
    pub spent: Amount,
}

impl EnrichmentJob {
    /// Its owner.
    pub fn tenant(&self) -> TenantId {
        TenantId(self.tenant_id)
    }

    /// The findings that it is for.
    ///
    /// # Errors
    /// For a type of a later version.
    pub fn kind(&self) -> Result<EnrichmentType, Problem> {
        EnrichmentType::parse(&self.kind)
            .ok_or_else(|| Problem::internal(format!("{:?} is no type of a job", self.kind)))
    }

    /// The kind of its subject.
    pub fn subject(&self) -> JobSubject {
        if self.subject_type == JobSubject::Lead.name() { JobSubject::Lead } else { JobSubject::Account }
    }
}

impl Job for EnrichmentJob {
    const NAME: &'static str = "jobs";
    const TABLE: Table = Table {
        columns: "q.id, q.tenant_id, q.type AS kind, q.subject_type, q.subject_id, q.input, q.started_by, \
                  q.request_id, q.traceparent, q.run_id, q.waterfall_id, q.column_id, q.force, q.cost AS spent",
        ready: "q.status IN ('pending', 'in_progress')",
        turns: Some(Turns { tenant: "tenant_id", only: PROVEN_TENANTS }),
        done: End::Set("next_attempt_at = NULL"),
        keeps_errors: false,
        ..Table::named("jobs", "id")
    };
    const REASONS_ARE_PRIVATE: bool = true;
    type Deps = Deps;

    fn db(deps: &Deps) -> &Db {
        &deps.db
    }

    /// One tenant's jobs leave places for another's, whatever they wait for.
    fn policy(deps: &Deps) -> Policy {
        let concurrency = deps.worker.concurrency;
        Policy {
            lease: deps.worker.lease(),
            concurrency,
            per_tenant: (concurrency * 3 / 4).max(1),
            poll: deps.worker.poll,
            ..Policy::default()
        }
    }

    fn context(&self) -> Arc<RequestContext> {
        RequestContext::continued(self.request_id.as_deref(), self.traceparent.as_deref())
    }

    async fn run(self, deps: &Deps, lease: &Lease) -> Result<Done, jobs::Failure> {
        let Some(scene) = scene::enter(deps, &self, lease).await? else { return Ok(Done::Settled) };
        let deadline = deps.worker.run_deadline;
        let outcome = if lease.attempt > TRIES {
            Outcome::failed(Failure::lasting("abandoned", "Every worker that tried the job broke off."))
        } else {
            match tokio::time::timeout(deadline, self.work(deps, &scene)).await {
                Ok(outcome) => outcome?,
                Err(_) => Outcome::failed(Failure::passing(
                    "timeout",
                    format!("The job took longer than {} s.", deadline.as_secs_f64()),
                )),
            }
        };
        ending::write_down(deps, &self, lease, outcome).await?;
        Ok(Done::Settled)
    }
}

impl EnrichmentJob {
    async fn work(&self, deps: &Deps, scene: &scene::Scene) -> Result<Outcome, Problem> {
        if scene.is_held {
            return Ok(Outcome::ending(Ending::Held));
        }
        match self.kind()? {
            EnrichmentType::CompanyInfo | EnrichmentType::LeadInfo => fill::fill(deps, self, scene).await,
            EnrichmentType::GenerateLeads => people::find(deps, self, scene).await,
            EnrichmentType::LeadLinkedinResearch => linkedin::research(deps, self, scene).await,
            EnrichmentType::CustomColumn => cells::answer(deps, self, scene).await,
        }
    }
}

/// Runs jobs until the process ends.
pub async fn run(deps: Data<Deps>, shutdown: Shutdown) {
    jobs::work::<EnrichmentJob>(deps, shutdown).await;
}

/// Makes the coming months' partitions, now and every day.
pub async fn make_partitions(db: Db, mut shutdown: Shutdown) {
    loop {
        let made = db
            .in_system(async |tx| {
                let sql = "SELECT in_every_schema('make_raw_records_partitions')";
                diesel::sql_query(sql).cached().execute(&mut **tx).await.map_err(Problem::from)
            })
            .await;
        let pause = match made {
            Ok(_) => Duration::from_secs(24 * 60 * 60),
            Err(problem) => {
                tracing::warn!(%problem, "partitions cannot be made now");
                Duration::from_secs(60)
            }
        };
        if !shutdown.sleep(pause).await {
            return;
        }
    }
}
