//! Starts an import that waits, or that was only looked at.

use actix_web::web::{Data, Path};
use contracts::{permissions::ImportsRun, problem::FieldError};
use platform::{
    Problem,
    db::Stored,
    http::{Accepted, Allowed, Answer, Json, access::TenantCaller},
};
use uuid::Uuid;

use super::{
    create::Writing,
    of_files,
    planning::{self, Planned, check_open},
};
use crate::{
    deps::Deps,
    imports::{
        api::{AcceptedImport, ImportMode, ImportStatus, ImportView},
        columns, plans,
        settings::ImportSettings,
        store,
    },
};

/// Writes it in the background, or looks at its rows with `mode=validate`. 409 for an import that was written or is under
/// way, or without its file.
pub async fn start(
    caller: Allowed<ImportsRun, Writing>,
    id: Path<Uuid>,
    body: Json<ImportSettings>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<AcceptedImport>>, Problem> {
    let settings = body.into_inner();
    let mode = settings.mode.unwrap_or(ImportMode::Commit);
    begin(&caller, &deps, *id, settings, mode, "not_startable").await
}

/// Looks at every row in the background, and writes nothing.
pub async fn validate(
    caller: Allowed<ImportsRun, Writing>,
    id: Path<Uuid>,
    body: Json<ImportSettings>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<AcceptedImport>>, Problem> {
    begin(&caller, &deps, *id, body.into_inner(), ImportMode::Validate, "not_startable").await
}

/// In the background, by the mapping it was looked at by or another one. 409 for one that is not over or was written, and a
/// week after its end, when its file is gone.
pub async fn commit(
    caller: Allowed<ImportsRun, Writing>,
    id: Path<Uuid>,
    body: Json<ImportSettings>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<AcceptedImport>>, Problem> {
    begin(&caller, &deps, *id, body.into_inner(), ImportMode::Commit, "not_committable").await
}

async fn begin(
    caller: &TenantCaller,
    deps: &Deps,
    id: Uuid,
    mut settings: ImportSettings,
    mode: ImportMode,
    code: &'static str,
) -> Result<Answer<Accepted<AcceptedImport>>, Problem> {
    settings.mode = Some(mode);
    if mode == ImportMode::Preview {
        let message = "must be one of: commit, validate";
        return Err(Problem::invalid(vec![FieldError::new("mode", "not_allowed", message)]));
    }
    let Planned { survey, settings } = planning::plan(caller, deps, id, settings, code).await?;
    let by_reference = settings.changes_leads() && columns::feeds_reference(&survey.columns);
    if columns::feeds_nothing(&survey.columns) && !by_reference {
        let message = columns::without_address(&survey.columns);
        return Err(Problem::invalid(vec![FieldError::new("mapping", "no_address", message)]));
    }
    let visibility = of_files(caller);
    deps.db
        .once(caller.tenant(), async |tx| {
            let import = ImportView::lock(tx, id, &visibility).await?;
            check_open(&import, code)?;
            plans::set(tx, import.id, &survey, &settings).await?;
            store::start(tx, import.id, mode, caller).await?;
            let (status, warnings) = (ImportStatus::Pending, survey.warnings.clone());
            Ok(Accepted(AcceptedImport { id, status, mode, warnings }))
        })
        .await
}
