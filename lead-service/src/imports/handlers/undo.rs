//! Undoes an import.

use actix_web::web::{Data, Path};
use contracts::permissions::{ImportsRun, LeadsDelete, LeadsUpdate};
use platform::{
    Problem,
    db::Stored,
    http::{Accepted, Allowed, Answer, May},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    imports::{
        api::{AcceptedImport, ImportMode, ImportStatus, ImportView},
        keeping, outcomes, store,
    },
};

/// In the background: leads that it made are deleted, fields that it changed and no one since are as they were. 409
/// while it is under way, for one that wrote nothing, was undone before or ended 30 days ago, and while leads that it wrote are
/// out of the caller's data scope.
pub async fn undo(
    caller: Allowed<ImportsRun, (May<LeadsDelete>, May<LeadsUpdate>)>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<AcceptedImport>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let import = ImportView::lock(tx, *id, &visibility).await?;
            let over = matches!(
                import.status,
                ImportStatus::Completed | ImportStatus::CompletedWithErrors | ImportStatus::Failed
            );
            if import.mode == ImportMode::Validate || !over {
                let detail = format!("An import that is {} cannot be undone.", import.status.word());
                return Err(Problem::conflict("not_undoable", detail));
            }
            if keeping::check_kept(import.rows_until).is_err() {
                let detail = "Its rows were kept for 30 days; without them it cannot be undone.";
                return Err(Problem::conflict("not_undoable", detail));
            }
            if import.created > 0 {
                caller.demand::<LeadsDelete>()?;
            }
            if import.updated > 0 {
                caller.demand::<LeadsUpdate>()?;
            }
            if outcomes::any_unseen(tx, *id, &visibility).await? {
                let detail = "Leads outside your data scope would be changed or deleted.";
                return Err(Problem::conflict("records_out_of_scope", detail));
            }
            store::start_undo(tx, *id, &caller).await?;
            let (status, mode) = (ImportStatus::Running, import.mode);
            Ok(Accepted(AcceptedImport { id: *id, status, mode, warnings: Vec::new() }))
        })
        .await
}
