//! Looks at every row of an import: what would become of it.

use std::sync::Arc;

use platform::worker::Shutdown;
use serde_json::{Value, json};

use super::{
    Stop,
    batches::Batches,
    known::Known,
    lease,
    prepared::{Owners, Prepared},
    references,
    resolve::{Fate, InFile, Policy, What, resolve},
    rights::Rights,
    rows::Rows,
    write::{counts, outcome, refused},
};
use crate::{
    deps::Deps,
    imports::{
        api::ImportStatus,
        files::Layout,
        outcomes::{self, RowOutcome},
        rows::Recipe,
        store::{self, Counts},
        taken::TakenImport,
    },
};

/// Rows looked at in one transaction.
const GLANCE: usize = 1_000;

/// Counts what would become of the rows; of an import that is only looked at, keeps it as well. Gives whether they are to be
/// written now.
pub async fn validate(
    deps: &Deps,
    import: &TakenImport,
    (layout, recipe): (&Layout, &Arc<Recipe>),
    worker: &str,
    shutdown: &Shutdown,
    rights: &Rights,
) -> Result<bool, Stop> {
    let mut batches = Batches::new(Rows::open(import, layout), import, recipe, GLANCE);
    let policy = Policy { update_by: import.update_by(), duplicates: import.policy() };
    let (mut sum, mut file, mut owners) = (Counts::default(), InFile::default(), Owners::default());
    let mut is_first = true;
    loop {
        let mut batch = batches.next(deps).await?;
        let is_last = batch.is_empty();
        if shutdown.is_triggered() {
            return Err(Stop::Elsewhere);
        }
        if import.is_trial() {
            owners.assign(deps, import, rights, &mut batch).await?;
        }
        let begins = std::mem::take(&mut is_first);
        sum = deps
            .db
            .in_tenant(import.tenant(), async |tx| {
                if !store::hold(tx, import.id, worker, lease()).await? {
                    return Err(Stop::Elsewhere);
                }
                if begins && import.is_trial() {
                    // Those of a worker that ended in the middle.
                    outcomes::forget_rows(tx, import.id).await?;
                }
                if import.is_trial() {
                    references::check(tx, rights, &mut batch).await?;
                }
                let asked = (policy.update_by, &recipe.source);
                let mut known = Known::look_up(tx, &batch, asked, rights.visibility()).await?;
                let mut seen = Vec::with_capacity(batch.len());
                let mut rest = batch.as_mut_slice();
                while !rest.is_empty() {
                    let fates = resolve(rest, &mut known, policy, Some(&mut file));
                    let (wave, later) = std::mem::take(&mut rest).split_at_mut(fates.len());
                    if wave.is_empty() {
                        // It is about a lead that a row before it would make.
                        let (next, later) = later.split_at_mut(1);
                        let word = if policy.changes() { "updated" } else { "duplicate" };
                        seen.extend(next.iter().map(|row| outcome(row, word, None)));
                        rest = later;
                        continue;
                    }
                    for (row, fate) in wave.iter().zip(fates) {
                        seen.push(glance(row, &fate)?);
                    }
                    rest = later;
                }
                if import.is_trial() {
                    outcomes::keep_rows(tx, import.id, &seen).await?;
                }
                let sum = sum.plus(counts(&seen));
                let (expected, status) = match is_last {
                    false => (None, ImportStatus::Validating),
                    true => (Some(expected(sum)), after_validation(import, sum)),
                };
                store::set_validated(tx, import.id, sum, expected.as_ref(), status).await?;
                Ok(sum)
            })
            .await?;
        if is_last {
            return Ok(!import.is_trial());
        }
    }
}

/// The outcome that a row would have.
fn glance(row: &Prepared, fate: &Fate) -> Result<RowOutcome, Stop> {
    if let Err(problem) = &row.read {
        if problem.status.is_server_error() {
            return Err(problem.clone().into());
        }
        return Ok(refused(row, problem));
    }
    Ok(match fate {
        Fate::Create(..) | Fate::Refuse => outcome(row, "created", None),
        Fate::InFile { by, updates } => {
            let word = if *updates { "updated" } else { "duplicate" };
            RowOutcome { matched_by: Some(by), ..outcome(row, word, None) }
        }
        Fate::Known { person, by, what, .. } => {
            let word = if matches!(what, What::Fill | What::Update) { "updated" } else { "duplicate" };
            let lead = Some(person.lead).filter(|_| person.is_seen && !person.is_new);
            RowOutcome { matched_by: Some(by), ..outcome(row, word, lead) }
        }
    })
}

fn expected(counts: Counts) -> Value {
    json!({
        "created": counts.created, "updated": counts.updated, "duplicates": counts.duplicates, "errors": counts.errors,
    })
}

fn after_validation(import: &TakenImport, counts: Counts) -> ImportStatus {
    match (import.is_trial(), counts.errors) {
        (false, _) => ImportStatus::Running,
        (true, 0) => ImportStatus::Completed,
        (true, _) => ImportStatus::CompletedWithErrors,
    }
}
