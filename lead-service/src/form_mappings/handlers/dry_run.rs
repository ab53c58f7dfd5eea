//! Tries a submission out.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::{
    permissions::{ApiKeysRead, LeadsRead},
    problem::FieldError,
};
use platform::{
    Problem,
    http::{Allowed, Body, Json, Needs, WholeTenant},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    api_keys,
    deps::Deps,
    form_mappings::{
        api::{DryRun, DryRunView},
        domain::{self, Form},
        store,
    },
    ingest::{self, Fate, Prepared},
    ingests::IngestOutcome,
};

/// By the key's mapping or the one that is sent. Nothing is written. The outcome tells whether the person is known in
/// any data scope.
pub async fn dry_run(
    caller: Allowed<ApiKeysRead, (Needs<LeadsRead>, WholeTenant)>,
    id: Path<Uuid>,
    body: Json<DryRun>,
    deps: Data<Deps>,
) -> Result<Body<DryRunView>, Problem> {
    let DryRun { sent, mapping } = body.into_inner();
    let tried = mapping.map(Form::parse).transpose()?;
    let view = deps
        .db
        .read(caller.tenant(), async |tx| {
            let key = api_keys::store::find(tx, *id).await?;
            let form = match tried {
                Some(form) => Some(form),
                None => store::form(tx, key.id).await?,
            };
            if let Some(fault) = form.as_ref().and_then(|form| form.suspicion(&sent, Utc::now())) {
                return Ok(unread(IngestOutcome::Quarantined, vec![fault]));
            }
            let written = ingest::sent(&sent)?;
            let (submission, mapping) = match domain::read(form.as_ref(), sent) {
                Ok(read) => read,
                Err(problem) => return Ok(unread(IngestOutcome::Rejected, problem.errors)),
            };
            let (lead, mapping) = (json!(submission), mapping.unwrap_or_else(|| json!({})));
            let (request, trace) = (String::new(), String::new());
            let prepared = Prepared::new(submission, written, key.id, key.duplicate_policy, request, trace);
            let outcome = match ingest::foresee(tx, &prepared).await? {
                Fate::Create => IngestOutcome::Created,
                Fate::Duplicate(_) => IngestOutcome::Duplicate,
                Fate::Attach(_) => IngestOutcome::Attached,
                Fate::Update(_) => IngestOutcome::Updated,
                Fate::Hold(_) => IngestOutcome::Quarantined,
            };
            Ok::<_, Problem>(DryRunView { outcome, mapping, lead: Some(lead), errors: Vec::new() })
        })
        .await?;
    Ok(Body::new(view))
}

fn unread(outcome: IngestOutcome, errors: Vec<FieldError>) -> DryRunView {
    DryRunView { outcome, mapping: Value::Object(serde_json::Map::new()), lead: None, errors }
}
