//! Undoes an import.

use actix_web::web::{Data, Path};
use contracts::permissions::ImportsRun;
use platform::{
    Problem,
    db::Stored,
    http::{Accepted, Allowed, Answer},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    imports::{
        api::{AcceptedImport, ImportMode, ImportStatus, ImportView},
        store,
    },
};

/// In the background: leads that it made are deleted, fields that it changed and nobody since are as they were. 409
/// while it is under way, and for one that wrote nothing or was undone before.
pub async fn undo(
    caller: Allowed<ImportsRun>,
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
            store::start_undo(tx, *id).await?;
            Ok(Accepted(AcceptedImport { id: *id, status: ImportStatus::Running }))
        })
        .await
}
