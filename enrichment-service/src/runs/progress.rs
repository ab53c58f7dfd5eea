//! Events of runs: how far they are, for those who watch.

use contracts::events::Action;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
};
use serde_json::json;
use uuid::Uuid;

use super::{ENTITY, api::RunView};
use crate::schema::enrichment_runs::dsl;

/// A run that one of its jobs is about to change.
pub async fn lock(tx: &mut TenantTx<'_>, run: Uuid) -> Result<Option<RunView>, Problem> {
    let found = dsl::enrichment_runs
        .filter(dsl::id.eq(run))
        .select(RunView::as_select())
        .for_no_key_update()
        .first(&mut **tx)
        .await
        .optional()?;
    Ok(found)
}

/// Tells how far a run is: `EnrichmentRun.progress.UPDATE`, and `EnrichmentRun.status.UPDATE` at its end.
pub async fn tell(tx: &mut TenantTx<'_>, run: Uuid, has_ended: bool) -> Result<(), Problem> {
    let view: RunView =
        dsl::enrichment_runs.filter(dsl::id.eq(run)).select(RunView::as_select()).first(&mut **tx).await?;
    let field = if has_ended { "status" } else { "progress" };
    let progress = json!({
        "status": view.status, "total": view.total, "done": view.done, "failed": view.failed, "skipped": view.skipped,
        "cost": view.cost, "started_by": view.started_by,
    });
    let change = Change {
        event_type: format!("{ENTITY}.{field}.UPDATE"),
        entity_type: ENTITY,
        entity_id: run,
        action: Action::Update,
        previous_state: None,
        current_state: Some(progress),
        changed_fields: vec![field.to_owned()],
        record: serde_json::to_value(&view).ok(),
    };
    outbox::record(tx, vec![change]).await
}
