//! Takes an import back, its last rows first.

use chrono::Utc;
use contracts::{
    events::Actor,
    permissions::{ImportsRun, LeadsDelete, LeadsUpdate},
};
use platform::{
    db::{
        Stored, TenantTx,
        outbox::{self, Change},
    },
    worker::Shutdown,
};
use serde_json::{Map, Value};

use super::{Stop, lease, rights::Rights};
use crate::{
    deps::Deps,
    entities::Entity,
    imports::{
        outcomes::{self, WrittenRow},
        store,
        taken::TakenImport,
    },
    leads::{self, api::LeadView},
    merges,
};

const BATCH: i32 = 100;

/// Leads that it made are deleted; of those that it changed, what nobody has changed since is as it was.
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
                for row in &rows {
                    take_back(tx, import, row, &rights).await?;
                }
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

async fn take_back(
    tx: &mut TenantTx<'_>,
    import: &TakenImport,
    row: &WrittenRow,
    rights: &Rights,
) -> Result<(), Stop> {
    let lead = match LeadView::lock(tx, row.lead_id, rights.visibility()).await {
        Ok(lead) => lead,
        // It was deleted, merged into another, or has gone out of the person's data scope.
        Err(diesel::result::Error::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let actor = Actor::User { id: import.acts_for() };
    let members = |value: &Option<Value>| -> Map<String, Value> {
        value.as_ref().and_then(Value::as_object).cloned().unwrap_or_default()
    };
    let changes = if row.before.is_some() {
        rights.check::<LeadsUpdate>()?;
        let fields = merges::unmerged(merges::written(&lead)?, &members(&row.before), &members(&row.after));
        let after = leads::store::update(tx, &lead, &merges::stored(fields)?).await?;
        Change::updated(LeadView::NAME, lead.id, &lead, &after, LeadView::TRACKED)
    } else {
        rights.check::<LeadsDelete>()?;
        LeadView::set_deleted(tx, lead.id, Some(Utc::now())).await?;
        vec![Change::deleted(LeadView::NAME, lead.id, &lead)]
    };
    outbox::record_as(tx, &actor, changes).await?;
    Ok(())
}
