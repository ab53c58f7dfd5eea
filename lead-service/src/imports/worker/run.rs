//! Looks at every row of an import, then writes them.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use contracts::{events::Actor, problem::FieldError};
use platform::{
    Problem,
    db::{
        Stored, TenantTx,
        outbox::{self, Change},
    },
    http::patch,
    worker::Shutdown,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    Stop, lease,
    rights::Rights,
    rows::{Row, Rows},
};
use crate::{
    assignments::Placing,
    deps::Deps,
    entities::Entity,
    identity::{self, IdentityKey, Kind},
    imports::{
        api::{ImportStatus, UpdateBy},
        domain::{self, Mapping},
        files::Shape,
        outcomes::{self, RowOutcome},
        store::{self, Counts},
        taken::TakenImport,
    },
    leads::{self, api::LeadView, domain::LeadFields},
    merges, references,
};

/// Rows written in one transaction.
const BATCH: usize = 100;
/// Rows looked at in one.
const GLANCE: usize = 500;

/// What rows are looked at and written by.
struct Work<'a> {
    import: &'a TakenImport,
    shape: Shape,
    mapping: &'a Mapping,
    rights: &'a Rights,
}

/// Looks at all rows first, unless that was done; then writes those that have no outcome yet.
pub async fn run(
    deps: &Deps,
    import: &TakenImport,
    worker: &str,
    shutdown: &Shutdown,
    mut rights: Rights,
) -> Result<(), Stop> {
    rights.check_run(import)?;
    let mapping: Mapping = serde_json::from_value(import.mapping.clone())
        .map_err(|error| Problem::internal(format!("a stored mapping cannot be read: {error}")))?;
    if !import.is_running() && !validate(deps, import, &mapping, worker, shutdown, &rights).await? {
        return Ok(());
    }
    let mut rows = Rows::open(deps, import).await?;
    let mut skipped = 0;
    while skipped < import.done {
        let most = usize::try_from(import.done - skipped).unwrap_or_default().min(GLANCE);
        let known = rows.next(most).await?.len();
        skipped += i32::try_from(known).unwrap_or(i32::MAX);
        if known == 0 {
            break;
        }
    }
    loop {
        let batch = rows.next(BATCH).await?;
        if batch.is_empty() {
            break;
        }
        if shutdown.is_triggered() {
            return Err(Stop::Elsewhere);
        }
        rights = rights.renewed(deps, import).await?;
        rights.check_run(import)?;
        let work = Work { import, shape: rows.shape.clone(), mapping: &mapping, rights: &rights };
        match write(deps, worker, &work, &batch).await {
            Err(Stop::Failed(problem)) if !problem.status.is_server_error() => {
                // One of them is at fault: each is written alone, so that it fails alone.
                for row in &batch {
                    write_alone(deps, worker, &work, row).await?;
                }
            }
            done => done?,
        }
    }
    deps.db
        .in_tenant(import.tenant(), async |tx| {
            if !store::hold(tx, import.id, worker, lease()).await? {
                return Err(Stop::Elsewhere);
            }
            store::finish(tx, import.id, None).await?;
            Ok(())
        })
        .await
}

/// Counts what would become of the rows. Gives whether they are to be written now.
async fn validate(
    deps: &Deps,
    import: &TakenImport,
    mapping: &Mapping,
    worker: &str,
    shutdown: &Shutdown,
    rights: &Rights,
) -> Result<bool, Stop> {
    let mut rows = Rows::open(deps, import).await?;
    let mut counts = Counts::default();
    // Who is in the file already, by a short hash: a million people take a few megabytes.
    let mut seen: HashSet<u64> = HashSet::new();
    loop {
        let batch = rows.next(GLANCE).await?;
        let is_last = batch.is_empty();
        if shutdown.is_triggered() {
            return Err(Stop::Elsewhere);
        }
        let work = Work { import, shape: rows.shape.clone(), mapping, rights };
        counts = deps
            .db
            .in_tenant(import.tenant(), async |tx| {
                if !store::hold(tx, import.id, worker, lease()).await? {
                    return Err(Stop::Elsewhere);
                }
                let mut counts = counts;
                for row in &batch {
                    glance(tx, &work, row, &mut seen, &mut counts).await?;
                }
                let (expected, status) = match is_last {
                    false => (None, ImportStatus::Validating),
                    true => (Some(expected(counts)), after_validation(import, counts)),
                };
                store::set_validated(tx, import.id, counts, expected.as_ref(), status).await?;
                Ok(counts)
            })
            .await?;
        if is_last {
            return Ok(!import.is_trial());
        }
    }
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

async fn glance(
    tx: &mut TenantTx<'_>,
    work: &Work<'_>,
    row: &Row,
    seen: &mut HashSet<u64>,
    counts: &mut Counts,
) -> Result<(), Stop> {
    let import = work.import;
    counts.rows += 1;
    let (members, fields) = match domain::lead(&work.shape, work.mapping, &row.cells) {
        Ok(lead) => lead,
        Err(problem) if problem.status.is_server_error() => return Err(problem.into()),
        Err(problem) => {
            counts.errors += 1;
            if import.is_trial() {
                let outcome = faulty(row, &problem);
                outcomes::keep_row(tx, import.id, &outcome).await?;
            }
            return Ok(());
        }
    };
    let keys = fields.keys().into_iter().chain(reference(&members));
    let in_file = keys.filter(|key| !seen.insert(hash(key))).count() > 0;
    let updates = to_update(tx, work, &members, &fields).await?.is_some();
    if updates || (in_file && import.update_by().is_some()) {
        counts.updated += 1;
    } else if in_file || is_known(tx, &members, &fields).await? {
        counts.duplicates += 1;
    } else {
        counts.created += 1;
    }
    Ok(())
}

fn hash(key: &IdentityKey) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

fn reference(members: &Map<String, Value>) -> Option<IdentityKey> {
    let value = members.get("lead_reference_id")?.as_str()?.to_owned();
    Some(IdentityKey { kind: Kind::Reference, value })
}

/// The lead that a row updates, of those that the import may change.
async fn to_update(
    tx: &mut TenantTx<'_>,
    work: &Work<'_>,
    members: &Map<String, Value>,
    fields: &LeadFields,
) -> Result<Option<LeadView>, Stop> {
    let (key, email) = match work.import.update_by() {
        None => return Ok(None),
        Some(UpdateBy::Email) => {
            (fields.keys().into_iter().find(|key| key.kind == Kind::Email), fields.email.as_deref())
        }
        Some(UpdateBy::ExternalId) => (reference(members), None),
    };
    let mut found = None;
    if let Some(key) = &key {
        let references = if key.kind == Kind::Reference { vec![key.value.as_str()] } else { Vec::new() };
        let holders = identity::store::holders(tx, &[key], &references).await?;
        found = holders.get(key).filter(|holder| holder.alive).map(|holder| holder.lead);
    }
    if let (None, Some(email)) = (found, email) {
        // A mailbox that many people read is no key, but it is the same address.
        found = leads::store::by_email(tx, email, work.rights.visibility()).await?;
    }
    let Some(found) = found else { return Ok(None) };
    match LeadView::lock(tx, found, work.rights.visibility()).await {
        Ok(lead) => Ok(Some(lead)),
        Err(diesel::result::Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn is_known(
    tx: &mut TenantTx<'_>,
    members: &Map<String, Value>,
    fields: &LeadFields,
) -> Result<bool, Stop> {
    Ok(known(tx, members, fields).await?.is_some())
}

/// The lead that is the same person already.
async fn known(
    tx: &mut TenantTx<'_>,
    members: &Map<String, Value>,
    fields: &LeadFields,
) -> Result<Option<Uuid>, Stop> {
    let keys: Vec<IdentityKey> = reference(members).into_iter().chain(fields.keys()).collect();
    let references: Vec<&str> =
        keys.iter().filter(|key| key.kind == Kind::Reference).map(|key| key.value.as_str()).collect();
    if keys.is_empty() {
        return Ok(None);
    }
    let holders = identity::store::holders(tx, &keys.iter().collect::<Vec<_>>(), &references).await?;
    Ok(keys.iter().find_map(|key| holders.get(key)).filter(|holder| holder.alive).map(|holder| holder.lead))
}

fn faulty(row: &Row, problem: &Problem) -> RowOutcome {
    let faults = if problem.errors.is_empty() {
        vec![FieldError::new("", problem.code, &problem.detail)]
    } else {
        problem.errors.clone()
    };
    let (cells, errors) = (Some(row.cells.clone()), Some(json!(faults)));
    RowOutcome { line: row.line, outcome: "error", cells, errors, ..RowOutcome::default() }
}

/// Writes rows, their outcomes and the place reached in one transaction.
async fn write(deps: &Deps, worker: &str, work: &Work<'_>, batch: &[Row]) -> Result<(), Stop> {
    let import = work.import;
    deps.db
        .in_tenant(import.tenant(), async |tx| {
            if !store::hold(tx, import.id, worker, lease()).await? {
                return Err(Stop::Elsewhere);
            }
            let mut counts = Counts::default();
            let mut placing = Placing::begin(tx).await?;
            for row in batch {
                let outcome = match domain::lead(&work.shape, work.mapping, &row.cells) {
                    Ok((members, fields)) => {
                        write_lead(tx, &mut placing, work, row, &members, &fields).await?
                    }
                    Err(problem) if problem.status.is_server_error() => return Err(problem.into()),
                    Err(problem) => faulty(row, &problem),
                };
                count(&mut counts, &outcome);
                if outcomes::keep_row(tx, import.id, &outcome).await? == 0 {
                    return Err(Problem::internal("a row of an import has its outcome already").into());
                }
            }
            store::advance(tx, import.id, counts).await?;
            Ok(())
        })
        .await
}

/// Writes one row; what keeps it from being written is its outcome.
async fn write_alone(deps: &Deps, worker: &str, work: &Work<'_>, row: &Row) -> Result<(), Stop> {
    let import = work.import;
    match write(deps, worker, work, std::slice::from_ref(row)).await {
        Err(Stop::Failed(problem)) if !problem.status.is_server_error() => {
            deps.db
                .in_tenant(import.tenant(), async |tx| {
                    if !store::hold(tx, import.id, worker, lease()).await? {
                        return Err(Stop::Elsewhere);
                    }
                    outcomes::keep_row(tx, import.id, &faulty(row, &problem)).await?;
                    store::advance(tx, import.id, Counts { rows: 1, errors: 1, ..Counts::default() }).await?;
                    Ok(())
                })
                .await
        }
        done => done,
    }
}

fn count(counts: &mut Counts, outcome: &RowOutcome) {
    counts.rows += 1;
    match outcome.outcome {
        "created" => counts.created += 1,
        "updated" => counts.updated += 1,
        "duplicate" => counts.duplicates += 1,
        _ => counts.errors += 1,
    }
}

async fn write_lead(
    tx: &mut TenantTx<'_>,
    placing: &mut Placing,
    work: &Work<'_>,
    row: &Row,
    members: &Map<String, Value>,
    fields: &LeadFields,
) -> Result<RowOutcome, Stop> {
    let (by, line) = (work.import.acts_for(), row.line);
    let actor = Actor::User { id: by };
    references::check_account(tx, fields.account_id, work.rights.visibility()).await?;
    references::check_product(tx, fields.product_id).await?;
    if let Some(before) = to_update(tx, work, members, fields).await? {
        let mut written = merges::written(&before)?;
        let old = Value::Object(written.clone());
        let mut changes = members.clone();
        changes.remove("source");
        patch::merge_members(&mut written, &changes);
        let after = leads::store::update(tx, &before, &merges::stored(written)?).await?;
        let changes = Change::updated(LeadView::NAME, before.id, &before, &after, LeadView::TRACKED);
        outbox::record_as(tx, &actor, changes).await?;
        let (lead, new) = (Some(after.id), Some(Value::Object(merges::written(&after)?)));
        return Ok(RowOutcome {
            line,
            outcome: "updated",
            lead,
            before: Some(old),
            after: new,
            ..RowOutcome::default()
        });
    }
    if let Some(lead) = known(tx, members, fields).await? {
        return Ok(RowOutcome { line, outcome: "duplicate", lead: Some(lead), ..RowOutcome::default() });
    }
    let (id, keys) = (Uuid::now_v7(), fields.keys());
    // Whoever brings the same person at once waits for their keys; the one who gets them adds the lead.
    if identity::store::claim(tx, id, &keys).await? < keys.len() {
        identity::store::release(tx, id, &keys.iter().collect::<Vec<_>>()).await?;
        let lead = known(tx, members, fields).await?;
        return Ok(RowOutcome { line, outcome: "duplicate", lead, ..RowOutcome::default() });
    }
    let lead = leads::store::insert_as(tx, placing, id, fields, by).await?;
    outbox::record_as(tx, &actor, vec![Change::created(LeadView::NAME, lead.id, &lead)]).await?;
    Ok(RowOutcome { line, outcome: "created", lead: Some(lead.id), ..RowOutcome::default() })
}
