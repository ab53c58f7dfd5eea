//! Sending of one delivery and storing its outcome.

use std::time::Instant;

use actix_web::web::Data;
use chrono::Utc;
use contracts::{TenantId, UserId};
use diesel::OptionalExtension;
use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
    egress::Request,
    http::context::{self, RequestContext},
    telemetry::Step,
};
use tracing::Instrument;

use super::{
    domain::{DeliveryStatus, Outcome, TRIES},
    order,
    queue::Claimed,
    signature, store,
};
use crate::{
    deps::Deps,
    notifications::{self, domain::Notice, rules},
    webhook_endpoints::{self, secret::Secret},
};

const GONE: &str = "The receiver answered 410: it wants no more events.";

/// Sends a claimed delivery, as part of the trace that caused it. If the outcome cannot be stored, it is sent again when the
/// lease ends.
pub async fn carry_out(deps: Data<Deps>, claimed: Claimed) {
    let context = RequestContext::continued(claimed.request_id.as_deref(), claimed.traceparent.as_deref());
    let span = tracing::info_span!("delivery", tenant.id = %claimed.tenant_id, delivery.id = %claimed.id);
    let (trace, traceparent) = (context.trace.clone(), context.trace.header());
    let work = async {
        let begun = Instant::now();
        let outcome = attempt(&deps, &claimed, &traceparent).await;
        let step = Step {
            name: ["POST", "webhook"],
            is_ours: false,
            took: begun.elapsed(),
            status: outcome
                .last_status_code
                .and_then(|status| u16::try_from(status).ok())
                .unwrap_or_default(),
            failed: outcome.status != DeliveryStatus::Succeeded,
            attributes: &[("request.id", claimed.request_id.as_deref().unwrap_or_default())],
        };
        step.ended(&trace);
        tracing::info!(
            event.id = %claimed.event_id,
            attempt = claimed.attempts,
            status = outcome.status.word(),
            http.status_code = outcome.last_status_code,
            error = outcome.last_error,
            "a webhook was attempted"
        );
        if let Err(problem) = settle(&deps, &claimed, &outcome).await {
            tracing::warn!(%problem, "the outcome of a webhook could not be noted; it is sent again");
        }
    };
    context::within(context, work.instrument(span)).await;
}

async fn attempt(deps: &Deps, claimed: &Claimed, traceparent: &str) -> Outcome {
    if !claimed.wanted {
        return Outcome::ended(DeliveryStatus::Cancelled, "The endpoint was switched off or deleted.");
    }
    // Only tries without a stored outcome, such as after a crash, exceed the limit.
    if claimed.attempts > TRIES {
        return Outcome::ended(DeliveryStatus::Failed, "It was begun too often without an outcome.");
    }
    let now = Utc::now();
    let request = match request(deps, claimed, now.timestamp(), traceparent) {
        Ok(request) => request,
        Err(error) => return Outcome::again(error.to_string(), claimed.attempts, now, None),
    };
    let result = deps.egress.send(request).await;
    Outcome::of(result, claimed.attempts, Utc::now())
}

fn request(deps: &Deps, claimed: &Claimed, timestamp: i64, traceparent: &str) -> anyhow::Result<Request> {
    let tenant = TenantId(claimed.tenant_id);
    let sealed = std::iter::once(&claimed.secret).chain(&claimed.previous_secret);
    let secrets: Vec<Secret> = sealed
        .map(|sealed| Secret::open(&deps.keys, sealed, tenant, claimed.endpoint_id))
        .collect::<Result<_, _>>()?;
    let (id, body) = (claimed.event_id.to_string(), serde_json::to_vec(&claimed.payload)?);
    let signature = signature::sign(&secrets, &id, timestamp, &body)?;
    Ok(Request::post(&claimed.url, body)
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", &timestamp.to_string())
        .header("webhook-signature", &signature)
        .header("traceparent", traceparent)
        .max_redirects(0)
        .deadline(deps.deliveries.deadline))
}

async fn settle(deps: &Deps, claimed: &Claimed, outcome: &Outcome) -> Result<(), Problem> {
    let told = if outcome.endpoint_is_gone() { concerned(deps, claimed).await } else { Vec::new() };
    let tenant = TenantId(claimed.tenant_id);
    deps.db
        .in_tenant(tenant, async |tx| {
            if outcome.endpoint_is_gone() {
                // Endpoints are locked before records, as in `enqueue`. A deleted endpoint has no row to lock.
                webhook_endpoints::store::lock(tx, claimed.endpoint_id).await.optional()?;
            }
            if let Some(record) = claimed.entity_id {
                order::lock(tx, &[(claimed.tenant_id, record)]).await?;
            }
            let finished = store::finish(tx, claimed, outcome).await?;
            if !finished || outcome.status == DeliveryStatus::Pending {
                return Ok(());
            }
            if outcome.endpoint_is_gone() {
                switch_off(tx, claimed, &told).await?;
            }
            if let Some(record) = claimed.entity_id {
                order::release_next(tx, claimed.endpoint_id, record).await?;
            }
            Ok::<_, Problem>(())
        })
        .await?;
    deps.notifier.notify(tenant, told.into_iter());
    Ok(())
}

/// The tenant's admins; the creator of the endpoint if these cannot be fetched.
async fn concerned(deps: &Deps, claimed: &Claimed) -> Vec<UserId> {
    match deps.admins.of(TenantId(claimed.tenant_id)).await {
        Ok(admins) => admins.to_vec(),
        Err(problem) => {
            tracing::warn!(%problem, "only the one who added the endpoint is told that it was switched off");
            claimed.endpoint_created_by.map(UserId).into_iter().collect()
        }
    }
}

async fn switch_off(tx: &mut TenantTx<'_>, claimed: &Claimed, told: &[UserId]) -> Result<(), Problem> {
    let switched = webhook_endpoints::store::switch_off(tx, claimed.endpoint_id, &claimed.url, GONE).await?;
    let Some((before, after)) = switched else { return Ok(()) };
    store::cancel_waiting(tx, after.id, GONE).await?;
    let changes = Change::updated(webhook_endpoints::ENTITY, after.id, &before, &after, &["status"]);
    outbox::record(tx, changes).await?;
    let about = rules::endpoint_gone(after.id, &after.url);
    let notices: Vec<Notice<'_>> =
        told.iter().map(|person| Notice { person: *person, about: &about }).collect();
    notifications::store::insert(tx, &notices).await?;
    Ok(())
}
