//! Writes an import that was only looked at.

use actix_web::web::{Data, Path};
use contracts::permissions::{ImportsRun, LeadsUpdate};
use platform::{
    Problem,
    db::Stored,
    http::{Accepted, Allowed, Answer, Json},
};
use serde_json::json;
use uuid::Uuid;

use super::create::{Writing, header_of};
use crate::{
    deps::Deps,
    imports::{
        api::{AcceptedImport, CommitImport, ImportMode, ImportStatus, ImportView},
        domain, store,
    },
};

/// In the background, by the mapping it was looked at or another one. 409 for one that is not over, was written, or whose
/// file is gone after a week.
pub async fn commit(
    caller: Allowed<ImportsRun, Writing>,
    id: Path<Uuid>,
    body: Json<CommitImport>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<AcceptedImport>>, Problem> {
    let (visibility, body) = (caller.visibility(), body.into_inner());
    deps.db
        .once(caller.tenant(), async |tx| {
            let import = ImportView::lock(tx, *id, &visibility).await?;
            let over = matches!(import.status, ImportStatus::Completed | ImportStatus::CompletedWithErrors);
            if import.mode != ImportMode::Validate || !over {
                let detail = format!("An import that is {} cannot be committed.", import.status.word());
                return Err(Problem::conflict("not_committable", detail));
            }
            let Some(beginning) = store::whole_file(tx, import.id).await? else {
                let detail = "The file is kept for a week only; upload it again.";
                return Err(Problem::conflict("not_committable", detail));
            };
            let mapping = match &body.mapping {
                Some(asked) => json!(domain::mapping(asked, &header_of(&beginning, import.format)?)?),
                None => import.mapping,
            };
            let update_by = body.update_by.or(import.update_by);
            if update_by.is_some() {
                caller.demand::<LeadsUpdate>()?;
            }
            store::start_commit(tx, import.id, &mapping, update_by, &caller).await?;
            Ok(Accepted(AcceptedImport { id: import.id, status: ImportStatus::Pending }))
        })
        .await
}
