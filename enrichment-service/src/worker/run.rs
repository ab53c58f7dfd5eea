//! One run of one job: ask the provider, fill the account, write down what came of it.

use actix_web::web::Data;
use chrono::Utc;
use contracts::{
    internal::accounts::FillAccount,
    write::{FilledField, FoundFields},
};
use platform::{
    Problem,
    client::CallError,
    db::{TenantTx, outbox},
    http::context::{self, RequestContext},
    worker::backoff,
};
use serde_json::{Map, Value, json};
use tracing::Instrument;

use super::store::{self, End};
use crate::{
    accounts,
    deps::Deps,
    jobs::{
        domain::{Status, TRIES, TakenJob},
        events,
    },
    providers::{Failure, Findings, RawAnswer},
    raw_records,
};

/// What a run came to.
struct Outcome {
    provider: &'static str,
    raw: Option<RawAnswer>,
    result: Result<Filled, Failure>,
}

/// What was found, and what of it was news.
struct Filled {
    findings: Findings,
    fields: Vec<FilledField>,
}

/// Runs the job as part of the request that started it.
pub(super) async fn run(deps: Data<Deps>, job: TakenJob) {
    let context = RequestContext::continued(job.request_id.as_deref(), job.traceparent.as_deref());
    let span = tracing::info_span!("job", job.id = %job.id, job.kind = job.kind.name());
    let work = async {
        if let Err(problem) = run_in_context(&deps, &job).await {
            // The lease runs out and the job is tried again.
            tracing::warn!(%problem, "what came of a job could not be written down");
        }
    };
    context::within(context, work.instrument(span)).await;
}

async fn run_in_context(deps: &Deps, job: &TakenJob) -> Result<(), Problem> {
    let begun = deps
        .db
        .in_tenant(job.tenant, async |tx| {
            let has = store::has(tx, job).await?;
            if has {
                accounts::store::running(tx, job.id).await?;
            }
            Ok::<_, Problem>(has)
        })
        .await?;
    if !begun {
        return Ok(());
    }
    let deadline = deps.worker.run_deadline;
    let outcome = match tokio::time::timeout(deadline, enrich(deps, job)).await {
        Ok(outcome) => outcome,
        Err(_) => {
            let failure = Failure::passing(
                "timeout",
                format!("The job took longer than {} s.", deadline.as_secs_f64()),
            );
            Outcome { provider: "none", raw: None, result: Err(failure) }
        }
    };
    deps.db.in_tenant(job.tenant, async |tx| write_down(tx, job, &outcome).await).await
}

async fn enrich(deps: &Deps, job: &TakenJob) -> Outcome {
    if job.attempt > TRIES {
        let failure = Failure::lasting("abandoned", "Every worker that tried the job broke off.");
        return Outcome { provider: "none", raw: None, result: Err(failure) };
    }
    let Some(provider) = deps.providers.find(job.kind) else {
        let failure =
            Failure::lasting("no_provider", format!("No provider is configured for {}.", job.kind.name()));
        return Outcome { provider: "none", raw: None, result: Err(failure) };
    };
    let answer = provider.look_up(&job.input).await;
    let result = match answer.outcome {
        Ok(findings) => fill(deps, job, provider.name(), findings).await,
        Err(failure) => Err(failure),
    };
    Outcome { provider: provider.name(), raw: answer.raw, result }
}

async fn fill(deps: &Deps, job: &TakenJob, provider: &str, findings: Findings) -> Result<Filled, Failure> {
    let found =
        findings.fields.iter().map(|finding| (finding.field.to_owned(), finding.value.clone())).collect();
    let call = FillAccount {
        tenant_id: job.tenant,
        account_id: job.subject_id,
        request_id: job.id,
        provider: provider.to_owned(),
        found: FoundFields(found),
    };
    match deps.peers.call(&call).await {
        Ok(answer) => Ok(Filled { findings, fields: answer.filled }),
        Err(CallError::Away(service, cause)) => {
            tracing::warn!(%service, cause, "an account could not be filled");
            Err(Failure::passing(
                "account_unavailable",
                "The account could not be filled: its service is away.",
            ))
        }
        Err(CallError::Refused(_, problem)) if problem.status == 404 => {
            Err(Failure::lasting("account_not_found", "The account is gone."))
        }
        Err(CallError::Refused(service, problem)) => {
            tracing::error!(%service, code = problem.code, detail = problem.detail, "an account could not be filled");
            Err(Failure::lasting(
                "account_refused",
                format!("The account was not filled: {}", problem.detail),
            ))
        }
    }
}

/// Everything that came of a run, in one transaction. A run that lost its job leaves its traces only: what it fetched,
/// and where fields that it filled came from.
async fn write_down(tx: &mut TenantTx<'_>, job: &TakenJob, outcome: &Outcome) -> Result<(), Problem> {
    let has_job = store::has(tx, job).await?;
    if let Some(raw) = &outcome.raw {
        raw_records::store::append(tx, job, outcome.provider, raw).await?;
    }
    if let Ok(filled) = &outcome.result {
        accounts::store::trace(tx, job, outcome.provider, &filled.findings, &filled.fields).await?;
    }
    if !has_job {
        tracing::info!("the job was taken over or cancelled meanwhile");
        return Ok(());
    }
    match &outcome.result {
        Ok(filled) => complete(tx, job, outcome.provider, filled).await,
        Err(failure) if failure.retryable && job.attempt < TRIES => postpone(tx, job, failure).await,
        Err(failure) => fail(tx, job, failure).await,
    }
}

fn state(job: &TakenJob) -> Map<String, Value> {
    events::subject(job.kind.name(), &job.subject_type, job.subject_id)
}

async fn complete(
    tx: &mut TenantTx<'_>,
    job: &TakenJob,
    provider: &str,
    filled: &Filled,
) -> Result<(), Problem> {
    store::end(tx, job, &End::Completed).await?;
    accounts::store::completed(tx, job.id, provider).await?;
    let mut state = state(job);
    let fields = filled.fields.iter().map(|filled| (filled.field.clone(), filled.value.clone()));
    state.insert("filled".to_owned(), Value::Object(fields.collect()));
    state.insert("provider".to_owned(), provider.into());
    state.insert("page".to_owned(), json!(filled.findings.page));
    let change = events::reached(job.id, Status::InProgress, Status::Completed, state);
    outbox::record(tx, vec![change]).await?;
    tracing::info!(job.attempt, filled = filled.fields.len(), "a job is completed");
    Ok(())
}

async fn postpone(tx: &mut TenantTx<'_>, job: &TakenJob, failure: &Failure) -> Result<(), Problem> {
    let next = Utc::now() + backoff(job.attempt);
    store::end(tx, job, &End::Postponed(failure, next)).await?;
    accounts::store::postponed(tx, job.id, failure, next).await?;
    tracing::info!(job.attempt, code = failure.code, "a job is tried again later");
    Ok(())
}

async fn fail(tx: &mut TenantTx<'_>, job: &TakenJob, failure: &Failure) -> Result<(), Problem> {
    store::end(tx, job, &End::Failed(failure)).await?;
    accounts::store::failed(tx, job.id, failure).await?;
    let mut state = state(job);
    state.insert("error".to_owned(), failure.details());
    let change = events::reached(job.id, Status::InProgress, Status::Failed, state);
    outbox::record(tx, vec![change]).await?;
    tracing::info!(job.attempt, code = failure.code, "a job is given up");
    Ok(())
}
