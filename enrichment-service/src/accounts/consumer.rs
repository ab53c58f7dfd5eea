//! An account that comes to be brings its first jobs along; one that is deleted takes its unfinished ones with it.

use contracts::{
    UserId,
    events::{Action, Actor, Envelope},
    internal::enrichments::StartedJob,
};
use platform::{
    Problem,
    db::{
        TenantTx,
        inbox::{Consumer, Ready},
        outbox,
    },
};
use serde_json::{Map, Value};

use super::store;
use crate::{
    deps::SERVICE,
    jobs::{self, cancellation, domain::NewJob},
    providers::Failure,
};

/// What of a new account its jobs are started with.
const INPUT: [&str; 4] = ["name", "website", "linkedin_url", "product_id"];

/// Listens to lead-service.
pub struct AccountEvents;

impl Consumer for AccountEvents {
    type Prepared = ();
    const KEEPS_EVENTS: bool = false;

    fn wants(&self, event_type: &str) -> bool {
        matches!(event_type, "Account.CREATE" | "Account.DELETE")
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
    let unfinished = jobs::store::lock_unfinished(tx, event.entity_id).await?;
    cancellation::cancel(tx, &unfinished, &Failure::cancelled("The account was deleted.")).await
}

async fn start(tx: &mut TenantTx<'_>, event: &Envelope) -> Result<(), Problem> {
    let account = event.current_state.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
    let started = account.get("enrichment_jobs").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
    let started: Vec<StartedJob> = serde_json::from_value(started).map_err(|error| {
        Problem::internal(format!("the account's enrichment_jobs cannot be read: {error}"))
    })?;
    let input: Map<String, Value> =
        INPUT.iter().filter_map(|name| Some(((*name).to_owned(), account.get(*name)?.clone()))).collect();
    let mut changes = Vec::with_capacity(started.len());
    for StartedJob { kind, job_id } in started {
        let job = NewJob {
            id: job_id,
            kind,
            account_id: event.entity_id,
            input: Value::Object(input.clone()),
            request_id: event.request_id.clone(),
            traceparent: event.traceparent.clone(),
        };
        if jobs::store::insert(tx, &job).await? {
            store::started(tx, &job, creator(event)).await?;
            changes.push(jobs::events::started(&job));
        }
    }
    outbox::record(tx, SERVICE, changes).await
}

fn creator(event: &Envelope) -> Option<UserId> {
    match event.actor {
        Actor::User { id } => Some(id),
        Actor::ApiKey { .. } | Actor::Service { .. } => None,
    }
}
