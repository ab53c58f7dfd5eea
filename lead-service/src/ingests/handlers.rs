//! Lists and reads submissions, and takes one in again.

use actix_web::web::{Data, Path};
use contracts::permissions::{IngestsRead, IngestsReplay};
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Answer, Body, Fields, List, Shown, Shows, list::Rows},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    api::{IngestEntryView, IngestOutcome},
    store,
};
use crate::{
    api_keys,
    deps::Deps,
    form_mappings,
    ingest::{self, Outcome, Prepared, Taken},
    merges::following_merges_in,
};

/// Those the caller may see.
pub async fn list(
    caller: Allowed<IngestsRead>,
    list: List<IngestEntryView>,
    deps: Data<Deps>,
) -> Result<Rows<IngestEntryView>, Problem> {
    let visibility = caller.visibility();
    let list = following_merges_in(&deps.db, caller.tenant(), list, &["lead_id"]).await?;
    let (total, rows) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| IngestEntryView::page(tx, &list, &visibility).await)
        .await?;
    Ok(list.answer(total, rows))
}

/// One with all that was sent.
pub async fn read(
    caller: Allowed<IngestsRead>,
    id: Path<Uuid>,
    fields: Fields<IngestEntryView>,
    deps: Data<Deps>,
) -> Result<Body<IngestEntryView>, Problem> {
    let visibility = caller.visibility();
    let entry = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            IngestEntryView::find(tx, *id, &visibility).await.map_err(Problem::from)
        })
        .await?;
    Ok(Body::new(entry).trimmed(fields.names))
}

/// What was refused or held is taken in by today's rules and mapping; one that was held for a lead makes one of its own. What made or reached a
/// lead already stays as it is, so that asking twice changes nothing. 400 with the faults when it is still faulty.
pub async fn replay(
    caller: Allowed<IngestsReplay, Shows<IngestsRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<IngestEntryView>>>, Problem> {
    let visibility = caller.visibility();
    ingest::unless_raced(async || {
        deps.db
            .once(caller.tenant(), async |tx| {
                let entry = IngestEntryView::lock(tx, *id, &visibility).await?;
                let held = entry.outcome == IngestOutcome::Quarantined;
                if !held && entry.outcome != IngestOutcome::Rejected {
                    return Ok(Body::shown(&caller, entry));
                }
                let Value::Object(fields) = entry.sent.clone() else {
                    return Err(Problem::internal("the stored submission is no object"));
                };
                let form = form_mappings::store::form(tx, entry.api_key_id).await?;
                let (strict, door) = api_keys::store::rules(tx, entry.api_key_id).await?;
                let sent = ingest::sent(&fields)?;
                let (submission, mapping) = form_mappings::read(form.as_ref(), fields, door)?;
                let submission = submission.accepted(strict)?;
                let sender = submission.sender;
                // A submission that was held for a lead has been reviewed; a suspected one is processed like any other.
                let is_new = held && entry.lead_id.is_some();
                let again = Prepared::again(submission, sent, entry.id, entry.api_key_id, is_new);
                let Taken { outcome, warnings } = ingest::take_in(tx, &Prepared { strict, ..again }).await?;
                let (outcome, lead) = match outcome {
                    Outcome::Created(lead) => (IngestOutcome::Created, lead),
                    Outcome::Duplicate(lead) => (IngestOutcome::Duplicate, lead),
                    Outcome::Attached(lead) => (IngestOutcome::Attached, lead),
                    Outcome::Updated(lead) => (IngestOutcome::Updated, lead),
                    Outcome::Held(_) => {
                        return Err(Problem::internal("a replayed submission was held again"));
                    }
                };
                let entry =
                    store::replayed(tx, entry.id, outcome, lead, (mapping.as_ref(), sender), &warnings)
                        .await?;
                Ok(Body::shown(&caller, entry))
            })
            .await
    })
    .await
}
