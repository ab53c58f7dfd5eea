//! Takes an import back, its last rows first.

use chrono::Utc;
use contracts::{
    events::Actor,
    permissions::{ImportsRun, LeadsDelete, LeadsUpdate},
};
use platform::{
    Problem,
    db::{
        Stored, TenantTx,
        outbox::{self, Change},
    },
    worker::Shutdown,
};
use serde_json::{Map, Value};

use super::{Stop, changes::SOURCE, lease, rights::Rights};
use crate::{
    deps::Deps,
    entities::Entity,
    imports::{
        outcomes::{self, WrittenRow},
        rows, store,
        taken::TakenImport,
    },
    lead_management,
    people::{self, LeadView},
};

const BATCH: i32 = 100;
/// The field of a lead's reference.
const REFERENCE: &str = "lead_reference_id";

/// Leads that it made are deleted, but for those that were worked on since, which are counted as kept; of those that it
/// changed, what has not changed since is as it was.
pub async fn undo(
    deps: &Deps,
    import: &TakenImport,
    worker: &str,
    shutdown: &Shutdown,
    mut rights: Rights,
) -> Result<(), Stop> {
    loop {
        if shutdown.is_triggered() {
            return Err(Stop::Elsewhere);
        }
        rights = rights.renewed(deps, import).await?;
        rights.check::<ImportsRun>()?;
        let is_over = deps
            .db
            .in_tenant(import.tenant(), async |tx| {
                if !store::hold(tx, import.id, worker, lease()).await? {
                    return Err(Stop::Elsewhere);
                }
                let rows = outcomes::written_rows(tx, import.id, BATCH).await?;
                let (mut kept, mut changes) = (0, Vec::new());
                for row in &rows {
                    kept += i32::from(take_back(tx, import, row, &rights, &mut changes).await? == Fate::Kept);
                }
                outbox::record_as(tx, &Actor::User { id: import.acts_for() }, changes).await?;
                store::add_kept(tx, import.id, kept).await?;
                let lines: Vec<i32> = rows.iter().map(|row| row.line).collect();
                outcomes::set_rows_undone(tx, import.id, &lines).await?;
                if rows.is_empty() {
                    store::finish_undo(tx, import.id).await?;
                }
                Ok(rows.is_empty())
            })
            .await?;
        if is_over {
            return Ok(());
        }
    }
}

/// The fate of a lead when its row was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is as before the import, or was gone already.
    TakenBack,
    /// It was made by the import and stays.
    Kept,
}

async fn take_back(
    tx: &mut TenantTx<'_>,
    import: &TakenImport,
    row: &WrittenRow,
    rights: &Rights,
    changes: &mut Vec<Change>,
) -> Result<Fate, Stop> {
    let lead = match LeadView::lock(tx, row.lead_id, rights.visibility()).await {
        Ok(lead) if lead.id == row.lead_id => lead,
        // It was merged into another one, which is not the import's.
        Ok(_) if row.before.is_none() => return Ok(Fate::Kept),
        // It was deleted, or has gone out of the person's data scope.
        Ok(_) | Err(diesel::result::Error::NotFound) => return Ok(Fate::TakenBack),
        Err(error) => return Err(error.into()),
    };
    if row.before.is_some() {
        rights.check::<LeadsUpdate>()?;
        let mut restored = tx.attempt(async |tx| restore(tx, &lead, row, true).await).await;
        if restored.as_ref().is_err_and(|problem| problem.code == "already_exists") {
            // Another lead has its reference by now.
            restored = tx.attempt(async |tx| restore(tx, &lead, row, false).await).await;
        }
        match restored {
            Ok(restored) => changes.extend(restored),
            Err(problem) if problem.status.is_server_error() => return Err(problem.into()),
            Err(problem) => {
                tracing::info!(lead.id = %lead.id, %problem, "a lead stays as an import made it");
                return Ok(Fate::Kept);
            }
        }
    } else if outcomes::is_worked_on(tx, lead.id, import.request_id.as_deref()).await? {
        return Ok(Fate::Kept);
    } else {
        rights.check::<LeadsDelete>()?;
        LeadView::set_deleted(tx, lead.id, Some(Utc::now())).await?;
        changes.push(Change::deleted(LeadView::NAME, lead.id, &lead));
    }
    Ok(Fate::TakenBack)
}

/// Restores the fields of a lead that have not changed since the import, with its reference or without. Gives the changes.
async fn restore(
    tx: &mut TenantTx<'_>,
    lead: &LeadView,
    row: &WrittenRow,
    with_reference: bool,
) -> Result<Vec<Change>, Problem> {
    let members = |value: &Option<Value>| -> Map<String, Value> {
        value.as_ref().and_then(Value::as_object).cloned().unwrap_or_default()
    };
    let (before, now) = (members(&row.before), people::written_members(lead)?);
    let mut fields = people::unmerged_members(now.clone(), &before, &members(&row.after));
    // A withdrawal stays, also where it came with the file.
    if let (Some(consent), Some(back)) = (now.get("consent"), fields.get_mut("consent")) {
        *back = rows::restored(consent, back.take());
    }
    if !with_reference {
        fields.insert(REFERENCE.to_owned(), now.get(REFERENCE).cloned().unwrap_or_default());
    }
    let reference = fields.get(REFERENCE).filter(|reference| Some(*reference) != now.get(REFERENCE));
    let source = before.get(SOURCE).and_then(Value::as_str);
    if let Some((reference, source)) = reference.and_then(Value::as_str).zip(source) {
        lead_management::set_reference(tx, lead.id, reference, source).await?;
    }
    let after = lead_management::update_lead(tx, lead, &people::stored_fields(fields)?).await?;
    Ok(Change::updated(LeadView::NAME, lead.id, lead, &after, LeadView::TRACKED))
}
