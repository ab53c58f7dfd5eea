//! Tries a submission out.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::permissions::{ApiKeysRead, LeadsRead};
use platform::{
    Problem,
    http::{Allowed, Body, Json, Needs, WholeTenant},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    api_keys,
    deps::Deps,
    form_mappings::{
        api::{DryRun, DryRunView, GuessView},
        domain::{self, Form},
        store,
    },
    ingest::{self, Fate, Prepared},
    ingests::IngestOutcome,
    recognition,
};

/// By the key's mapping or the one that is sent. Nothing is written. The outcome shows whether the person is known in
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
            let door = api_keys::store::door(&key.allowed_origins);
            let asked = form.as_ref().map(|form| form.asked(sent.clone())).unwrap_or_default();
            let (sender, guesses) = recognition::explain(&sent, &asked, door);
            let view = DryRunView {
                outcome: IngestOutcome::Rejected,
                mapping: json!({}),
                sender,
                guesses: guesses.into_iter().map(GuessView::from).collect(),
                lead: None,
                errors: Vec::new(),
            };
            if let Some(fault) = form.as_ref().and_then(|form| form.suspicion(&sent, Utc::now())) {
                return Ok(DryRunView { outcome: IngestOutcome::Quarantined, errors: vec![fault], ..view });
            }
            let written = ingest::sent(&sent)?;
            let (submission, mapping) = match domain::read(form.as_ref(), sent, door) {
                Ok(read) => read,
                Err(problem) => return Ok(DryRunView { errors: problem.errors, ..view }),
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
            Ok::<_, Problem>(DryRunView { outcome, mapping, lead: Some(lead), ..view })
        })
        .await?;
    Ok(Body::new(view))
}
