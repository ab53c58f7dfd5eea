//! Writes a batch of rows: the leads that they make and change, their events, their outcomes and the place reached.

use contracts::{
    events::{Action, Actor},
    permissions::LeadsAssign,
    problem::FieldError,
};
use platform::{
    Problem,
    db::{
        Stored, TenantTx,
        outbox::{self, Change},
    },
    http::patch,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    Stop,
    known::Known,
    prepared::{Prepared, check_references},
    resolve::{Fate, Policy, What, resolve},
    rights::Rights,
};
use crate::{
    assignments::Placing,
    entities::Entity,
    identity,
    imports::{
        outcomes::{self, RowOutcome},
        rows::{RowLead, is_withdrawn},
        store::{self, Counts},
        taken::TakenImport,
    },
    leads::{
        self,
        api::LeadView,
        arrivals::{self, Arrival},
    },
    merges,
};

/// What rows are written by.
pub struct Work<'a> {
    /// The import.
    pub import: &'a TakenImport,
    /// What becomes of known people.
    pub policy: Policy,
    /// Rights of the import's starter.
    pub rights: &'a Rights,
    /// Whether each row may start rules and notifications.
    pub runs_rules: bool,
}

/// Writes the rows, in waves: a row that changes a lead which an earlier one makes comes after it.
pub async fn write(tx: &mut TenantTx<'_>, work: &Work<'_>, rows: &mut [Prepared]) -> Result<(), Stop> {
    let import = work.import;
    let mut placing = Placing::begin(tx).await?;
    check_references(tx, work.rights, rows).await?;
    let mut known = Known::look_up(tx, rows, work.policy.update_by, work.rights.visibility()).await?;
    let (mut outcomes, mut rest) = (Vec::with_capacity(rows.len()), &mut *rows);
    while !rest.is_empty() {
        let fates = resolve(rest, &mut known, work.policy, None);
        if fates.is_empty() {
            return Err(Problem::internal("a row of an import has no fate").into());
        }
        let (wave, later) = std::mem::take(&mut rest).split_at_mut(fates.len());
        outcomes.extend(write_wave(tx, &mut placing, work, wave, fates).await?);
        rest = later;
        if !rest.is_empty() {
            // What this wave made is in the database now.
            known = Known::look_up(tx, rest, work.policy.update_by, work.rights.visibility()).await?;
        }
    }
    if outcomes::keep_rows(tx, import.id, &outcomes).await? != outcomes.len() {
        return Err(Problem::internal("a row of an import has its outcome already").into());
    }
    store::advance(tx, import.id, counts(&outcomes)).await?;
    Ok(())
}

/// How many rows came to what.
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
    let (mut outcomes, mut changes, mut arriving) = (Vec::with_capacity(rows.len()), Vec::new(), Vec::new());
    let (mut made, mut noted): (Vec<(usize, Uuid)>, Vec<Uuid>) = (Vec::new(), Vec::new());
    for (row, fate) in rows.iter_mut().zip(fates) {
        let done = match (fate, &mut row.read) {
            (Fate::Create(id, keys), Ok(lead)) => {
                made.push((outcomes.len(), id));
                arriving.push(arrival(id, keys, lead));
                outcome(row, "created", Some(id))
            }
            (Fate::Known { person, by, what }, Ok(lead)) => {
                let written = match what {
                    What::Update | What::Fill => change(tx, work, person.lead, lead, what).await?,
                    What::Attach => {
                        attach(tx, person.lead, lead).await?;
                        None
                    }
                    What::Note => None,
                };
                let place = place(work, row.row.line);
                let seen = Some(person.lead).filter(|_| person.is_seen);
                let mut done = match written {
                    Some((before, after, told)) => {
                        changes.extend(told);
                        RowOutcome {
                            before: Some(before),
                            after: Some(after),
                            ..outcome(row, "updated", Some(person.lead))
                        }
                    }
                    None => outcome(row, "duplicate", seen),
                };
                done.matched_by = Some(by);
                if let Ok(lead) = &row.read {
                    changes.push(submission(person.lead, lead, &place));
                    noted.push(person.lead);
                }
                done
            }
            (Fate::InFile { by, .. }, Ok(_)) => {
                RowOutcome { matched_by: Some(by), ..outcome(row, "duplicate", None) }
            }
            (_, Err(problem)) if problem.status.is_server_error() => return Err(problem.clone().into()),
            (_, Err(problem)) => {
                let problem = problem.clone();
                refused(row, &problem)
            }
            (Fate::Refuse, Ok(_)) => {
                return Err(Problem::internal("a row was refused without a reason").into());
            }
        };
        outcomes.push(done);
    }
    let records = arrivals::read(tx, &noted).await?;
    for change in changes.iter_mut().filter(|change| change.record.is_none()) {
        change.record = records.get(&change.entity_id).and_then(|lead| serde_json::to_value(lead).ok());
    }
    let leads = arrivals::insert(tx, placing, &arriving, by).await?;
    for lead in &leads {
        let index = made.iter().find(|(_, id)| *id == lead.id).map(|(index, _)| *index);
        let line = index.and_then(|index| outcomes.get(index)).map_or(0, |outcome: &RowOutcome| outcome.line);
        let mut told = Change::created(LeadView::NAME, lead.id, lead);
        if let Some(Value::Object(state)) = &mut told.current_state {
            state.insert("import".to_owned(), place(work, line));
        }
        changes.push(told);
    }
    outbox::record_as(tx, &Actor::User { id: by }, changes).await?;
    Ok(outcomes)
}

/// Where a row is from, as events show it.
fn place(work: &Work<'_>, line: i32) -> Value {
    json!({
        "id": work.import.id, "file_name": work.import.file_name, "row": line, "run_rules": work.runs_rules,
    })
}

/// What a row about a known person says, for the lead's timeline.
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

fn arrival(id: Uuid, keys: Vec<identity::IdentityKey>, lead: &RowLead) -> Arrival {
    Arrival {
        id,
        fields: lead.fields.clone(),
        raw: (!lead.raw.is_empty()).then(|| Value::Object(lead.raw.clone())),
        submitted_at: lead.submitted_at,
        is_test: lead.is_test,
        keys,
    }
}

async fn attach(tx: &mut TenantTx<'_>, id: Uuid, lead: &RowLead) -> Result<(), Stop> {
    if let Some(reference) = &lead.reference {
        identity::store::claim(tx, id, std::slice::from_ref(reference)).await?;
    }
    Ok(())
}

/// A changed lead: its fields before and after, and the events.
type Changed = (Value, Value, Vec<Change>);

/// Changes a known lead; none where nothing is to be changed.
async fn change(
    tx: &mut TenantTx<'_>,
    work: &Work<'_>,
    id: Uuid,
    lead: &mut RowLead,
    what: What,
) -> Result<Option<Changed>, Stop> {
    let before = match LeadView::lock(tx, id, work.rights.visibility()).await {
        Ok(before) => before,
        Err(diesel::result::Error::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let old = merges::written(&before)?;
    let mut new = old.clone();
    let mut said = lead.members.clone();
    said.remove("source");
    if keeps_consent(&old, &said) {
        said.remove("consent");
    }
    if what == What::Fill {
        said = blanks(&old, said);
    }
    if said.get("assigned_to").is_some_and(|owner| Some(owner) != old.get("assigned_to"))
        && !work.rights.holds::<LeadsAssign>()
    {
        lead.drop_field("assigned_to", "permission_denied", "takes the permission leads:assign");
        said.remove("assigned_to");
    }
    patch::merge_members(&mut new, &said);
    if new == old {
        return Ok(if what == What::Fill {
            None
        } else {
            Some((Value::Object(old.clone()), Value::Object(old), Vec::new()))
        });
    }
    let after = leads::store::update(tx, &before, &merges::stored(new)?).await?;
    let told = Change::updated(LeadView::NAME, before.id, &before, &after, LeadView::TRACKED);
    Ok(Some((Value::Object(old), Value::Object(merges::written(&after)?), told)))
}

/// A withdrawal is never taken back by a file.
fn keeps_consent(old: &Map<String, Value>, said: &Map<String, Value>) -> bool {
    let is_withdrawal = |members: &Map<String, Value>| members.get("consent").is_some_and(is_withdrawn);
    is_withdrawal(old) && !is_withdrawal(said)
}

/// What fills empty fields, members of objects too. A withdrawal of consent is always among it.
fn blanks(old: &Map<String, Value>, said: Map<String, Value>) -> Map<String, Value> {
    let is_blank = |value: Option<&Value>| {
        value.is_none_or(|value| value.is_null() || *value == json!("") || *value == json!({}))
    };
    said.into_iter()
        .filter_map(|(name, value)| match (old.get(&name), value) {
            (_, value) if name == "consent" && is_withdrawn(&value) => Some((name, value)),
            (known, value) if is_blank(known) => Some((name, value)),
            (Some(Value::Object(known)), Value::Object(members)) => {
                let new: Map<String, Value> =
                    members.into_iter().filter(|(name, _)| is_blank(known.get(name))).collect();
                (!new.is_empty()).then_some((name, Value::Object(new)))
            }
            _ => None,
        })
        .collect()
}
