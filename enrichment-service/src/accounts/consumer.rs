//! An account that comes to be brings its first jobs along; one that is deleted takes its unfinished ones with it, and so
//! does a lead.

use contracts::{
    UserId,
    events::{Action, Actor, Envelope},
    internal::enrichments::{JobSubject, StartedJob},
};
use platform::{
    Problem,
    db::{
        TenantTx,
        inbox::{Consumer, Ready},
    },
};
use serde_json::{Map, Value};

use crate::{
    adapters::Failure,
    jobs::{self, cancellation, domain::NewJob, starting},
};

/// What of a new account its jobs are started with.
const INPUT: [&str; 4] = ["name", "website", "linkedin_url", "product_id"];

/// Listens to lead-service.
pub struct AccountEvents;

impl Consumer for AccountEvents {
    type Prepared = ();
    const KEEPS_EVENTS: bool = false;

    fn wants(&self, event_type: &str) -> bool {
        matches!(event_type, "Account.CREATE" | "Account.DELETE" | "Lead.DELETE")
    }

    async fn prepare(&self, _: &Envelope) -> Result<(), Problem> {
        Ok(())
    }

    async fn handle(&self, tx: &mut TenantTx<'_>, events: &[Ready<'_, ()>]) -> Result<(), Problem> {
        for ready in events {
            let made = match ready.event.action {
                Action::Create => ready.in_its_trace(start(tx, ready.event)).await,
                Action::Update | Action::Delete => ready.in_its_trace(stop(tx, ready.event)).await,
            };
            made?;
        }
        Ok(())
    }
}

async fn stop(tx: &mut TenantTx<'_>, event: &Envelope) -> Result<(), Problem> {
    let reason =
        if event.entity_type == "Lead" { "The lead was deleted." } else { "The account was deleted." };
    let unfinished = jobs::store::lock_unfinished(tx, event.entity_id).await?;
    cancellation::cancel(tx, &unfinished, &Failure::cancelled(reason)).await
}

async fn start(tx: &mut TenantTx<'_>, event: &Envelope) -> Result<(), Problem> {
    let account = event.current_state.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
    let started = account.get("enrichment_jobs").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
    let started: Vec<StartedJob> = serde_json::from_value(started).map_err(|error| {
        Problem::internal(format!("the account's enrichment_jobs cannot be read: {error}"))
    })?;
    let input: Map<String, Value> =
        INPUT.iter().filter_map(|name| Some(((*name).to_owned(), account.get(*name)?.clone()))).collect();
    let job = |StartedJob { kind, job_id }| NewJob {
        id: job_id,
        kind,
        subject: JobSubject::Account,
        subject_id: event.entity_id,
        input: Value::Object(input.clone()),
        started_by: creator(event),
        request_id: event.request_id.clone(),
        traceparent: event.traceparent.clone(),
    };
    let jobs: Vec<NewJob> = started.into_iter().map(job).collect();
    starting::start(tx, &jobs).await.map(drop)
}

fn creator(event: &Envelope) -> Option<UserId> {
    match event.actor {
        Actor::User { id } => Some(id),
        Actor::ApiKey { .. } | Actor::Service { .. } => None,
    }
}
