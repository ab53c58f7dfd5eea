//! Checks the key, reads the fields, stores, answers.

use std::sync::Arc;

use actix_web::{HttpRequest, web::Data};
use chrono::Utc;
use contracts::{TenantId, problem::FieldError};
use futures::future::join_all;
use platform::{
    Problem,
    http::{Answer, ApiKey, Json},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    body::{Submission, Unread},
    fields::NewSubmission,
    reply::{BatchFault, BatchItem, BatchView, Ingested, IngestedBatch},
    store::{self, Prepared},
};
use crate::{
    api_keys::{self, INGEST_SCOPE, cache::CachedKey, usage},
    deps::Deps,
};

/// Items of a batch.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IngestBatch {
    /// Submissions, each as in a single one.
    #[schema(min_items = 1, max_items = 1_000, value_type = Vec<Object>)]
    pub items: Vec<Map<String, Value>>,
}

/// One submission.
pub async fn one(
    caller: ApiKey,
    body: Unread<Submission>,
    deps: Data<Deps>,
) -> Result<Answer<Ingested>, Problem> {
    let (known, origin) = admit(body.request(), &deps).await?;
    let submission = NewSubmission::parse(body.read().await?.0)?;
    let tenant = TenantId(known.key.tenant_id);
    let context = caller.context();
    let prepared =
        Prepared::new(submission, known.key.id, context.request_id.clone(), context.trace.header());
    let answer = if context.idempotency_key.is_some() {
        let stored = async |tx: &mut platform::db::TenantTx<'_>| {
            let outcomes = store::insert(tx, &[&prepared]).await?;
            let outcome = outcomes.first().copied().ok_or_else(|| Problem::internal("no outcome"))?;
            Ok(Ingested { view: outcome.into(), origin })
        };
        deps.db.once(tenant, stored).await?
    } else {
        let outcome = deps.batcher.submit(tenant, prepared).await?;
        Answer::Fresh(Ingested { view: outcome.into(), origin })
    };
    usage::count(known.key.id, 1);
    Ok(answer)
}

/// Up to a thousand submissions; each stands for itself.
pub async fn batch(
    caller: ApiKey,
    body: Unread<Json<IngestBatch>>,
    deps: Data<Deps>,
) -> Result<IngestedBatch, Problem> {
    let (known, origin) = admit(body.request(), &deps).await?;
    let batch = body.read().await?;
    let tenant = TenantId(known.key.tenant_id);
    let context = caller.context();
    let mut view = BatchView::default();
    let mut submitted = Vec::new();
    for (index, sent) in batch.into_inner().items.into_iter().enumerate() {
        match NewSubmission::parse(sent) {
            Ok(submission) => {
                let (request_id, trace) = (context.request_id.clone(), context.trace.header());
                let prepared = Prepared::new(submission, known.key.id, request_id, trace);
                let batcher = &deps.batcher;
                submitted.push(async move { (index, batcher.submit(tenant, prepared).await) });
            }
            Err(problem) => view.errors.push(BatchFault { index, errors: problem.errors }),
        }
    }
    for (index, outcome) in join_all(submitted).await {
        match outcome {
            Ok(outcome) => {
                let item = super::reply::IngestView::from(outcome);
                view.created.push(BatchItem { index, id: item.id, status: item.status });
            }
            Err(problem) if problem.status.is_server_error() => return Err(problem),
            Err(problem) => {
                let errors = if problem.errors.is_empty() {
                    vec![FieldError::new("", problem.code, problem.detail)]
                } else {
                    problem.errors
                };
                view.errors.push(BatchFault { index, errors });
            }
        }
    }
    view.errors.sort_by_key(|fault| fault.index);
    usage::count(known.key.id, i64::try_from(view.created.len()).unwrap_or(i64::MAX));
    Ok(IngestedBatch { view, origin })
}

/// The key and, for a browser, its origin: known, alive, in scope, from where it may come, of an active tenant.
async fn admit(request: &HttpRequest, deps: &Deps) -> Result<(Arc<CachedKey>, Option<String>), Problem> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let invalid = || Problem::unauthorized("invalid_api_key", "This API key is not known.");
    if request.headers().get_all("x-api-key").count() > 1 {
        return Err(Problem::bad_request("ambiguous_api_key", "A submission carries one X-API-Key."));
    }
    let text = header("x-api-key")
        .map(str::trim)
        .filter(|text| (1..=200).contains(&text.len()))
        .ok_or_else(invalid)?;
    let known = deps.keys.find(api_keys::digest(text)).await?.ok_or_else(invalid)?;
    let key = &known.key;
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
    let origin = header("origin").filter(|_| !key.allowed_origins.is_empty());
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
    known.take().map_err(|seconds| {
        Problem::throttled(seconds, "This API key is being used faster than its rate limit allows.")
    })?;
    let origin = origin.map(str::to_owned);
    Ok((known, origin))
}
