//! The answer of a custom column about one record.

use platform::{Problem, db::TenantTx};
use serde_json::json;

use super::{
    EnrichmentJob,
    ending::{Ending, Outcome},
    scene::Scene,
};
use crate::{
    adapters::Failure,
    asking::{Refusal, Scope},
    cells::{
        self,
        answering::{self, Subject, Tried},
    },
    columns::{self, api::CustomColumnView},
    deps::Deps,
    providers::domain::Provider,
};

fn skipped(code: &'static str, message: &str) -> Outcome {
    Outcome::ending(Ending::Skipped(Failure::lasting(code, message)))
}

/// Asks about the job's record, unless it is answered already.
pub async fn answer(deps: &Deps, job: &EnrichmentJob, scene: &Scene) -> Result<Outcome, Problem> {
    let found = deps
        .db
        .in_tenant(job.tenant(), async |tx| {
            let Some(id) = job.column_id else { return Ok(None) };
            let Some(column) = columns::store::find(tx, id).await? else { return Ok(None) };
            let known = cells::store::known(tx, &column, job.subject_id).await?;
            if known.as_ref().is_none_or(|known| !known.pinned) {
                cells::store::begin(tx, &column, job.subject_id, job.force).await?;
            }
            Ok::<_, Problem>(Some((column, known)))
        })
        .await?;
    let Some((column, known)) = found else { return Ok(skipped("column_gone", "The column is gone.")) };
    if known.as_ref().is_some_and(|known| known.pinned) {
        return Ok(skipped("pinned", "A person wrote the value."));
    }
    let Some(provider) = answering::provider(deps, job.tenant(), &column).await? else {
        return Ok(skipped("no_provider", "No provider of kind model is there to be asked."));
    };
    let mut purpose = scene.purpose(deps, job);
    purpose.column_id = Some(column.id);
    let what = Subject { column: &column, id: job.subject_id, seen_by: scene.seen_by() };
    let is_known = |hash: &str| !job.force && known.as_ref().is_some_and(|known| known.is_settled(hash));
    let tried = answering::attempt_unless(deps, &provider, what, &purpose, is_known).await?;
    conclude(deps, job, &column, &provider, tried).await
}

async fn conclude(
    deps: &Deps,
    job: &EnrichmentJob,
    column: &CustomColumnView,
    provider: &Provider,
    tried: Tried,
) -> Result<Outcome, Problem> {
    let cost = tried.cost();
    let ending = match &tried {
        Tried::Unchanged => return Ok(Outcome::ending(Ending::Completed)),
        Tried::Gone(_) => {
            Ending::Skipped(Failure::lasting("out_of_scope", "The record is gone, or not seen."))
        }
        Tried::NotMeant(_) => Ending::Skipped(Failure::lasting(
            "run_if",
            "The column's condition does not hold for the record.",
        )),
        Tried::Replied { .. } => Ending::Completed,
        Tried::Refused { refusal: Refusal::Stopped, .. } => return Ok(Outcome::ending(Ending::Held)),
        Tried::Refused { refusal: Refusal::NoBudget(scope), .. } => Ending::NoBudget(*scope),
        Tried::Refused { refusal, .. }
            if matches!(refusal.failure().code, "out_of_credit" | "provider_paused") =>
        {
            Ending::NoBudget(Scope::Provider)
        }
        Tried::Refused { refusal, .. } => Ending::Failed(refusal.failure()),
    };
    let cell = tried.into_cell(column);
    let status = cell.status;
    let metadata = answering::metadata(job.id, provider);
    deps.db
        .in_tenant(job.tenant(), async |tx: &mut TenantTx<'_>| {
            cells::store::write(tx, column, &cell, &metadata).await.map_err(Problem::from)
        })
        .await?;
    let mut outcome = Outcome::ending(ending);
    outcome.cost = cost;
    outcome.provider = Some((provider.id, provider.kind.word().to_owned()));
    outcome.state.insert("cell".to_owned(), json!({ "column_id": column.id, "status": status }));
    Ok(outcome)
}
