//! The end of a job's run: its row, what its account shows, its run's counts and the event, in one transaction.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{TenantTx, outbox},
    jobs::Lease,
    worker::backoff,
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::EnrichmentJob;
use crate::{
    accounts,
    adapters::Failure,
    asking::Scope,
    deps::Deps,
    jobs::{
        domain::{Status, TRIES},
        events,
    },
    money::Amount,
    runs::{self, domain::RunStatus, store::Ended},
    schema::jobs::dsl,
};

/// Failures that say when to come back: they count as no try.
const WAITING: &[&str] =
    &["rate_limited", "provider_open", "site_busy", "site_limit", "not_ready", "unavailable"];
/// Longest pause of them.
const LONGEST_WAIT: u64 = 6 * 60 * 60;

/// The outcome of a run of a job.
pub struct Outcome {
    /// Its end.
    pub ending: Ending,
    /// Its cost.
    pub cost: Amount,
    /// Who gave what was found.
    pub provider: Option<(Uuid, String)>,
    /// Details that are told beside its status.
    pub state: Map<String, Value>,
    /// The filled fields, and where they came from.
    pub traces: Vec<accounts::store::Trace>,
    /// Quality of the data now.
    pub quality: Option<f64>,
}

/// The end of a run of a job.
pub enum Ending {
    /// It is done.
    Completed,
    /// It is not done, and not at fault.
    Skipped(Failure),
    /// It failed: tried again if that may end differently.
    Failed(Failure),
    /// There is nothing left to spend.
    NoBudget(Scope),
    /// Its run was paused.
    Held,
}

impl Outcome {
    /// Nothing but an end.
    pub fn ending(ending: Ending) -> Self {
        Self {
            ending,
            cost: Amount::ZERO,
            provider: None,
            state: Map::new(),
            traces: Vec::new(),
            quality: None,
        }
    }

    /// A failure.
    pub fn failed(failure: Failure) -> Self {
        Self::ending(Ending::Failed(failure))
    }
}

/// Where a job stands after a run.
struct Stand {
    status: Status,
    error: Option<Failure>,
    /// When it is due again.
    due: Option<DateTime<Utc>>,
    /// Whether the run counts as a try.
    counts: bool,
}

fn stand(ending: Ending, attempt: i32, is_of_run: bool) -> Stand {
    let ended = |status, error| Stand { status, error, due: None, counts: true };
    match ending {
        Ending::Completed => ended(Status::Completed, None),
        Ending::Skipped(failure) => ended(Status::Skipped, Some(failure)),
        Ending::Held => Stand { status: Status::Pending, error: None, due: None, counts: false },
        Ending::NoBudget(_) if is_of_run => {
            Stand { status: Status::Pending, error: None, due: None, counts: false }
        }
        Ending::NoBudget(scope) => {
            let message = format!("The budget of the {} is used up.", scope.word());
            ended(Status::Failed, Some(Failure::lasting("budget_exhausted", message)))
        }
        Ending::Failed(failure) if failure.retryable => {
            let waits = WAITING.contains(&failure.code);
            if !waits && attempt >= TRIES {
                return ended(Status::Failed, Some(failure));
            }
            let told = failure.retry_after.map(|seconds| Duration::from_secs(seconds.min(LONGEST_WAIT)));
            let pause = match told {
                Some(told) if waits => told,
                told => backoff(attempt).max(told.unwrap_or_default()),
            };
            Stand {
                status: Status::InProgress,
                error: Some(failure),
                due: Some(Utc::now() + pause),
                counts: !waits,
            }
        }
        Ending::Failed(failure) => ended(Status::Failed, Some(failure)),
    }
}

/// Writes everything down. A run that lost its job leaves only where fields that it filled came from.
pub async fn write_down(
    deps: &Deps,
    job: &EnrichmentJob,
    lease: &Lease,
    outcome: Outcome,
) -> Result<(), Problem> {
    deps.db
        .in_tenant(job.tenant(), async |tx| {
            // A run is always locked before its jobs.
            let run = match job.run_id {
                Some(id) => runs::progress::lock(tx, id).await?,
                None => None,
            };
            accounts::store::trace(tx, job, &outcome.traces).await?;
            if !lease.hold::<EnrichmentJob>(tx).await? {
                tracing::info!("the job was taken over or cancelled meanwhile");
                return Ok(());
            }
            let exhausted = match (&outcome.ending, &run) {
                (Ending::NoBudget(scope), Some(run)) if run.status.is_running() => {
                    Some((*scope, run.clone()))
                }
                _ => None,
            };
            let mut stand = stand(outcome.ending, lease.attempt, job.run_id.is_some());
            if stand.status == Status::InProgress && run.as_ref().is_some_and(|run| !run.status.is_running())
            {
                // Its run was paused meanwhile.
                stand.status = Status::Pending;
                stand.due = None;
            }
            end(tx, job, &stand, outcome.cost, outcome.provider.as_ref()).await?;
            if let Some((scope, run)) = exhausted {
                let reason = format!("The budget of the {} is used up.", scope.word());
                runs::store::set_status(tx, &run, RunStatus::BudgetExhausted, Some(&reason)).await?;
                runs::store::hold_jobs(tx, run.id, true).await?;
            }
            tell(tx, job, &stand, (outcome.cost, outcome.quality), outcome.provider, outcome.state).await
        })
        .await
}

async fn end(
    tx: &mut TenantTx<'_>,
    job: &EnrichmentJob,
    stand: &Stand,
    cost: Amount,
    provider: Option<&(Uuid, String)>,
) -> Result<(), Problem> {
    let now = Utc::now();
    let is_over = !matches!(stand.status, Status::InProgress | Status::Pending);
    diesel::update(dsl::jobs.filter(dsl::id.eq(job.id)))
        .set((
            dsl::status.eq(stand.status.name()),
            dsl::last_error.eq(stand.error.as_ref().map(Failure::details)),
            dsl::next_attempt_at.eq(stand.due),
            (!stand.counts).then_some(dsl::attempts.eq(dsl::attempts - 1)),
            dsl::cost.eq(dsl::cost + cost),
            provider.map(|(id, _)| dsl::provider_id.eq(*id)),
            dsl::finished_at.eq(is_over.then_some(now)),
            dsl::updated_at.eq(now),
            dsl::version.eq(dsl::version + 1),
        ))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn tell(
    tx: &mut TenantTx<'_>,
    job: &EnrichmentJob,
    stand: &Stand,
    (cost, quality): (Amount, Option<f64>),
    provider: Option<(Uuid, String)>,
    mut state: Map<String, Value>,
) -> Result<(), Problem> {
    let is_over = !matches!(stand.status, Status::InProgress | Status::Pending);
    if let Some(run) = job.run_id.filter(|_| !is_over && !cost.is_zero()) {
        runs::store::add_cost(tx, run, cost).await?;
    }
    let named = provider.map(|(_, name)| name);
    match (stand.status, &stand.error) {
        (Status::Completed, _) => accounts::store::completed(tx, job.id, named.as_deref(), quality).await?,
        (Status::Skipped, Some(failure)) => accounts::store::skipped(tx, job.id, failure).await?,
        (Status::Failed, Some(failure)) => accounts::store::failed(tx, job.id, failure).await?,
        (_, Some(failure)) => {
            let next = stand.due.unwrap_or_else(Utc::now);
            accounts::store::postponed(tx, job.id, failure, next).await?;
            tracing::info!(code = failure.code, "a job is tried again later");
            return Ok(());
        }
        _ => return Ok(()),
    };
    let ended = match stand.status {
        Status::Completed => Ended::Done,
        Status::Skipped => Ended::Skipped,
        _ => Ended::Failed,
    };
    if let Some(run) = job.run_id {
        runs::store::count(tx, run, ended, cost).await?;
    }
    state.extend(events::subject(&job.kind, &job.subject_type, job.subject_id));
    if let Some(failure) = &stand.error {
        state.insert("error".to_owned(), failure.details());
    }
    if let Some(name) = named {
        state.insert("provider".to_owned(), name.into());
    }
    let change = events::reached(job.id, Status::InProgress, stand.status, state);
    outbox::record(tx, vec![change]).await
}
