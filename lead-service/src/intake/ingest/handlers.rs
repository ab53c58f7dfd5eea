//! Checks the key, reads the fields, stores, answers.

use std::sync::Arc;

use actix_web::{HttpRequest, http::header::ORIGIN, web::Data};
use chrono::Utc;
use contracts::{TenantId, problem::FieldError};
use platform::{
    Problem,
    db::{TenantTx, json::JsonText},
    http::{Answer, ApiKey, context::RequestContext, query},
};
use serde_json::{Map, Value, json};

use super::{
    batcher, batches,
    body::{Fields, Submission, Unread},
    owners,
    pages::Pages,
    reply::{IngestView, Ingested, Received},
    store::{self, Entrance, Prepared, Sent},
    submission::NewSubmission,
};
use crate::{
    deps::Deps,
    intake::{
        api_keys::{self, ApiKeyKind, INGEST_SCOPE, cache::CachedKey, usage},
        form_mappings,
        ingests::IngestOutcome,
    },
};

/// One submission, or a list of them as a batch.
pub async fn one(
    caller: ApiKey,
    body: Unread<Submission>,
    deps: Data<Deps>,
) -> Result<Answer<Received>, Problem> {
    let (known, origin) = admit(body.request(), &deps).await?;
    let pages = Pages::of(body.request(), &known);
    receive(&caller, body, &deps, &known, origin, &pages).await
}

/// What a key hands in.
pub(super) async fn receive(
    caller: &ApiKey,
    body: Unread<Submission>,
    deps: &Deps,
    known: &CachedKey,
    origin: Option<String>,
    pages: &Pages,
) -> Result<Answer<Received>, Problem> {
    let received = async {
        match body.read().await? {
            Submission::One(fields) => {
                let taken = take(caller, fields, deps, known, origin, pages.thanks.as_ref()).await;
                Ok::<_, Problem>(Received::one(taken?))
            }
            Submission::Many(items) => {
                let taken = batches::take(caller.context(), items, deps, known, origin).await;
                Ok(Received::many(taken?))
            }
        }
    };
    match received.await {
        Err(problem) if problem.status.is_client_error() && pages.sorry(&problem).is_some() => {
            let (view, page) = (IngestView::of_quarantined(), pages.sorry(&problem));
            Ok(Answer::Fresh(Received::One(Ingested { view, origin: None, page, quiet: false })))
        }
        answer => answer,
    }
}

async fn take(
    caller: &ApiKey,
    sent: Fields,
    deps: &Deps,
    known: &CachedKey,
    origin: Option<String>,
    page: Option<&String>,
) -> Result<Answer<Ingested>, Problem> {
    let (tenant, context) = (TenantId(known.key.tenant_id), caller.context());
    let Fields { fields, warnings } = sent;
    let sent = store::sent(&fields)?;
    let quiet = known.by_address;
    let answer = |view: IngestView| Ingested { view, origin: origin.clone(), page: page.cloned(), quiet };
    if let Some(reason) = suspicion(known, &fields) {
        let quarantined = async |tx: &mut TenantTx<'_>| {
            let reasons = json!([reason]);
            store::note(tx, known.entry_source(), IngestOutcome::Quarantined, &sent, &reasons).await?;
            Ok(answer(IngestView::of_quarantined()))
        };
        // Kept answers are found by the path, and an address is a secret.
        return if quiet {
            deps.db.in_tenant(tenant, quarantined).await.map(Answer::Fresh)
        } else {
            deps.db.once(tenant, quarantined).await
        };
    }
    let read =
        form_mappings::read(known.form.as_ref(), fields, known.door()).and_then(|(submission, mapping)| {
            Ok((submission.with(warnings).accepted(known.key.strict)?, mapping))
        });
    let (submission, mapping) = match read {
        Ok(read) => read,
        Err(problem) => {
            reject(deps, known, &sent, &problem).await?;
            return Err(problem);
        }
    };
    let mut prepared = prepare(known, submission, mapping, Sent::clone(&sent), context);
    owners::settle(deps, tenant, &mut [&mut prepared]).await?;
    if let Err(problem) = prepared.check() {
        reject(deps, known, &sent, &problem).await?;
        return Err(problem);
    }
    let taken = if context.idempotency_key.is_some() && !quiet {
        let stored = batcher::unless_raced(async || {
            let stored = async |tx: &mut TenantTx<'_>| {
                let taken = store::take_in(tx, &prepared).await?;
                Ok(answer(IngestView::of(taken, &known.key)))
            };
            deps.db.once(tenant, stored).await
        });
        stored.await
    } else {
        let taken = deps.batcher.submit(tenant, prepared).await;
        taken.map(|taken| Answer::Fresh(answer(IngestView::of(taken, &known.key))))
    };
    let taken = match taken {
        Ok(taken) => taken,
        Err(problem) => {
            reject(deps, known, &sent, &problem).await?;
            return Err(problem);
        }
    };
    usage::count(known.key.id, 1);
    Ok(taken)
}

pub(super) fn suspicion(known: &CachedKey, sent: &Map<String, Value>) -> Option<FieldError> {
    known.form.as_ref()?.suspicion(sent, Utc::now())
}

pub(super) fn prepare(
    known: &CachedKey,
    submission: NewSubmission,
    mapping: Option<Value>,
    sent: Sent,
    context: &RequestContext,
) -> Prepared {
    let (key, request_id, trace) = (&known.key, context.request_id.clone(), context.trace.header());
    let source = known.source.clone();
    let entrance = Entrance { api_key: key.id, policy: key.duplicate_policy, source };
    let prepared = Prepared::new(submission, sent, entrance, request_id, trace);
    Prepared { mapping, strict: key.strict, ..prepared }
}

/// Enters into the ledger what was refused for its content. What failed on our side is the sender's to send again.
pub(super) async fn reject(
    deps: &Deps,
    known: &CachedKey,
    sent: &JsonText,
    problem: &Problem,
) -> Result<(), Problem> {
    if problem.status.is_server_error() {
        return Ok(());
    }
    note(deps, known, IngestOutcome::Rejected, sent, &json!(faults(problem))).await
}

/// All that is wrong with a submission, as faults.
pub(super) fn faults(problem: &Problem) -> Vec<FieldError> {
    if problem.errors.is_empty() {
        vec![FieldError::new("", problem.code, &problem.detail)]
    } else {
        problem.errors.clone()
    }
}

/// Enters into the ledger what is not taken in.
pub(super) async fn note(
    deps: &Deps,
    known: &CachedKey,
    outcome: IngestOutcome,
    sent: &JsonText,
    reasons: &Value,
) -> Result<(), Problem> {
    let tenant = TenantId(known.key.tenant_id);
    deps.db
        .in_tenant(tenant, async |tx| store::note(tx, known.entry_source(), outcome, sent, reasons).await)
        .await
}

/// The key and, for a browser, its origin: known, alive, in scope, from where it may come, of an active tenant.
pub(super) async fn admit(
    request: &HttpRequest,
    deps: &Deps,
) -> Result<(Arc<CachedKey>, Option<String>), Problem> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let invalid = || Problem::unauthorized("invalid_api_key", "This API key is not known.");
    if request.headers().get_all("x-api-key").count() > 1 {
        return Err(Problem::bad_request("ambiguous_api_key", "A submission carries one X-API-Key."));
    }
    let (text, in_address) = match header("x-api-key") {
        Some(text) => (text.to_owned(), false),
        // A browser that posts a form itself sends no headers of the form's choice.
        None => (key_in_address(request.query_string()).ok_or_else(invalid)?, true),
    };
    let text = Some(text.trim()).filter(|text| (1..=200).contains(&text.len())).ok_or_else(invalid)?;
    let known = deps.keys.find(api_keys::digest(text)).await?.ok_or_else(invalid)?;
    let key = &known.key;
    if in_address && key.allowed_origins.is_empty() {
        return Err(Problem::unauthorized(
            "invalid_api_key",
            "Only a key with allowed origins may stand in an address.",
        ));
    }
    if key.revoked_at.is_some() {
        return Err(Problem::unauthorized("api_key_revoked", "This API key was revoked."));
    }
    if key.expires_at.is_some_and(|at| at <= Utc::now()) {
        return Err(Problem::unauthorized("api_key_expired", "This API key has expired."));
    }
    if !key.scopes.iter().any(|scope| scope == INGEST_SCOPE) {
        let detail = format!("This API key lacks the scope {INGEST_SCOPE}.");
        return Err(Problem::forbidden("scope_missing", detail).with("scope", INGEST_SCOPE));
    }
    if key.kind == ApiKeyKind::Server && request.headers().contains_key(ORIGIN) {
        let detail = "A server key is not for browsers, which say where they come from. Make a browser key.";
        return Err(Problem::forbidden("origin_not_allowed", detail));
    }
    let origin = header("origin").filter(|_| !key.allowed_origins.is_empty());
    if origin.is_none() && in_address {
        let detail = "A key in an address is for browsers, which say where they come from.";
        return Err(Problem::forbidden("origin_not_allowed", detail));
    }
    if let Some(origin) = origin
        && !key.allowed_origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
    {
        return Err(Problem::forbidden(
            "origin_not_allowed",
            "This API key may not be used from this origin.",
        ));
    }
    if key.tenant_status.as_deref() != Some("active") {
        return Err(Problem::forbidden("tenant_inactive", "The tenant of this API key is not active."));
    }
    known.take().map_err(|(seconds, rate)| {
        let detail = "This API key is being used faster than its rate limit allows.";
        Problem::throttled(seconds, detail).beyond(rate)
    })?;
    let origin = origin.map(str::to_owned);
    Ok((known, origin))
}

fn key_in_address(query: &str) -> Option<String> {
    if query.is_empty() {
        return None;
    }
    query::pairs(query).ok()?.into_iter().find(|(name, _)| name == "api_key").map(|(_, text)| text)
}
