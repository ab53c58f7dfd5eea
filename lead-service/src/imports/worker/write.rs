//! Writes a batch of rows: the leads that they make and change, their events, their outcomes and the place reached.

use std::collections::HashMap;

use contracts::{
    events::{Action, Actor},
    problem::FieldError,
};
use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Stop, changes,
    known::Known,
    prepared::Prepared,
    references,
    resolve::{Fate, Policy, What, resolve},
    rights::Rights,
};
use crate::{
    entities::Entity,
    identity::{IdentityKey, SourceKey},
    imports::{
        outcomes::{self, RowOutcome},
        rows::RowLead,
        store::{self, Counts},
        taken::TakenImport,
    },
    lead_management::{self, Arrival},
    people::LeadView,
    routing::Placing,
};

/// Everything by which rows are written.
pub struct Work<'a> {
    /// The import.
    pub import: &'a TakenImport,
    /// The treatment of known people.
    pub policy: Policy,
    /// Rights of the import's starter.
    pub rights: &'a Rights,
    /// The source of the rows' references.
    pub source: &'a SourceKey,
    /// Whether each row may start rules and notifications.
    pub runs_rules: bool,
}

/// Writes the rows, in waves: a row that changes a lead which an earlier one makes or changes comes after it.
pub async fn write(tx: &mut TenantTx<'_>, work: &Work<'_>, rows: &mut [Prepared]) -> Result<(), Stop> {
    let import = work.import;
    let mut placing = Placing::begin(tx).await?;
    references::check(tx, work.rights, rows).await?;
    let mut known =
        Known::look_up(tx, rows, (work.policy.update_by, work.source), work.rights.visibility()).await?;
    let (mut outcomes, mut rest) = (Vec::with_capacity(rows.len()), &mut *rows);
    while !rest.is_empty() {
        let fates = resolve(rest, &mut known, work.policy, None);
        if fates.is_empty() {
            return Err(Problem::internal("a row of an import has no fate").into());
        }
        let (wave, later) = std::mem::take(&mut rest).split_at_mut(fates.len());
        outcomes.extend(write_wave(tx, &mut placing, work, wave, fates).await?);
        rest = later;
        known.settle();
    }
    if outcomes::keep_rows(tx, import.id, &outcomes).await? != outcomes.len() {
        return Err(Problem::internal("a row of an import has its outcome already").into());
    }
    store::advance(tx, import.id, counts(&outcomes)).await?;
    Ok(())
}

/// Numbers of rows by their outcomes.
pub fn counts(outcomes: &[RowOutcome]) -> Counts {
    let mut counts = Counts::default();
    for outcome in outcomes {
        counts.rows += 1;
        counts.warned += i32::from(outcome.warnings.is_some());
        match outcome.outcome {
            "created" => counts.created += 1,
            "updated" => counts.updated += 1,
            "duplicate" => counts.duplicates += 1,
            _ => counts.errors += 1,
        }
    }
    counts
}

/// The outcome of a row of which this became, as far as it is known already.
pub fn outcome(row: &Prepared, outcome: &'static str, lead: Option<Uuid>) -> RowOutcome {
    let place = i64::try_from(row.row.place).unwrap_or(i64::MAX);
    let warnings = row.read.as_ref().ok().filter(|lead| !lead.warnings.is_empty());
    let warnings = warnings.map(|lead| json!(lead.warnings));
    RowOutcome { line: row.row.line, place, outcome, lead, warnings, ..RowOutcome::default() }
}

/// The outcome of a row that cannot be imported.
pub fn refused(row: &Prepared, problem: &Problem) -> RowOutcome {
    let faults = if problem.errors.is_empty() {
        vec![FieldError::new("", problem.code, &problem.detail)]
    } else {
        problem.errors.clone()
    };
    let (cells, errors) = (Some(row.row.cells.clone()), Some(json!(faults)));
    RowOutcome { cells, errors, warnings: None, ..outcome(row, "error", None) }
}

async fn write_wave(
    tx: &mut TenantTx<'_>,
    placing: &mut Placing,
    work: &Work<'_>,
    rows: &mut [Prepared],
    fates: Vec<Fate>,
) -> Result<Vec<RowOutcome>, Stop> {
    let by = work.import.acts_for();
    let mut changed = changes::change(tx, work, rows, &fates).await?;
    let (mut outcomes, mut changes, mut arriving) = (Vec::with_capacity(rows.len()), Vec::new(), Vec::new());
    let (mut made, mut noted): (HashMap<Uuid, i32>, Vec<Uuid>) = (HashMap::new(), Vec::new());
    for (index, (row, fate)) in rows.iter().zip(fates).enumerate() {
        let done = match (fate, &row.read) {
            (Fate::Create(id, keys), Ok(lead)) => {
                made.insert(id, row.row.line);
                arriving.push(arrival(work, id, keys, lead));
                outcome(row, "created", Some(id))
            }
            (Fate::Known { person, by, what, is_held }, Ok(lead)) => {
                if what == What::Attach && !is_held {
                    changes::attach(tx, person.lead, lead).await?;
                }
                let done = match changed.remove(&index) {
                    Some(written) => {
                        changes.extend(written.changes);
                        RowOutcome {
                            before: Some(written.before),
                            after: Some(written.after),
                            ..outcome(row, "updated", Some(person.lead))
                        }
                    }
                    None => outcome(row, "duplicate", Some(person.lead).filter(|_| person.is_seen)),
                };
                changes.push(submission(person.lead, lead, &place(work, row.row.line)));
                noted.push(person.lead);
                RowOutcome { matched_by: Some(by), ..done }
            }
            (Fate::InFile { by, .. }, Ok(_)) => {
                RowOutcome { matched_by: Some(by), ..outcome(row, "duplicate", None) }
            }
            (_, Err(problem)) if problem.status.is_server_error() => return Err(problem.clone().into()),
            (_, Err(problem)) => refused(row, problem),
            (Fate::Refuse, Ok(_)) => {
                return Err(Problem::internal("a row was refused without a reason").into());
            }
        };
        outcomes.push(done);
    }
    let records = lead_management::read_leads(tx, &noted).await?;
    for change in changes.iter_mut().filter(|change| change.record.is_none()) {
        change.record = records.get(&change.entity_id).and_then(|lead| serde_json::to_value(lead).ok());
    }
    for lead in &lead_management::insert_arrivals(tx, placing, &arriving, by).await? {
        let mut told = Change::created(LeadView::NAME, lead.id, lead);
        if let Some(Value::Object(state)) = &mut told.current_state {
            let line = made.get(&lead.id).copied().unwrap_or_default();
            state.insert("import".to_owned(), place(work, line));
        }
        changes.push(told);
    }
    outbox::record_as(tx, &Actor::User { id: by }, changes).await?;
    Ok(outcomes)
}

/// The place that a row is from, as events show it.
fn place(work: &Work<'_>, line: i32) -> Value {
    json!({
        "id": work.import.id, "file_name": work.import.file_name, "row": line, "run_rules": work.runs_rules,
    })
}

/// The event of a row about a known person, for the lead's timeline.
fn submission(lead: Uuid, row: &RowLead, place: &Value) -> Change {
    Change {
        event_type: format!("{}.submission.UPDATE", LeadView::NAME),
        entity_type: LeadView::NAME,
        entity_id: lead,
        action: Action::Update,
        previous_state: None,
        current_state: Some(json!({ "submission": row.shown(), "import": place })),
        changed_fields: vec!["submission".to_owned()],
        record: None,
    }
}

fn arrival(work: &Work<'_>, id: Uuid, keys: Vec<IdentityKey>, lead: &RowLead) -> Arrival {
    let source = if lead.reference.is_some() { work.source.clone() } else { SourceKey::api() };
    Arrival {
        id,
        source,
        fields: lead.fields.clone(),
        raw: (!lead.raw.is_empty()).then(|| Value::Object(lead.raw.clone())),
        submitted_at: lead.submitted_at,
        is_test: lead.is_test,
        keys,
    }
}
