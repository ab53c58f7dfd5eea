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
    deps::Deps,
    intake::{
        api_keys,
        form_mappings::{
            api::{DryRun, DryRunView, GuessView},
            domain::{self, Form},
            store,
        },
        ingest::{self, Entrance, Fate, Prepared},
        ingests::IngestOutcome,
    },
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
    let view = deps
        .db
        .read(caller.tenant(), async |tx| {
            let key = api_keys::store::find(tx, *id).await?;
            let form = match mapping {
                Some(mapping) => Some(Form::parse(mapping, key.kind)?),
                None => store::form(tx, key.id).await?,
            };
            let door = api_keys::doors::door(key.kind, &key.allowed_origins);
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
            let source = api_keys::doors::source(key.kind, key.id);
            let entrance = Entrance { api_key: key.id, policy: key.duplicate_policy, source };
            let prepared = Prepared::new(submission, written, entrance, request, trace);
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
